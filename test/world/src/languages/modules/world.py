DATA = "@out@/share/world"


def words():
    with open(DATA + "/words") as file:
        return file.read().strip()
