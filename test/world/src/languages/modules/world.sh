# Sourced.
world_data="@out@/share/world"
[ -e "$world_data/words" ] && echo sourced
