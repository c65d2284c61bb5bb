#include <iostream>
#include <stdexcept>

void throw_it(int value);

int main()
{
    try {
        throw_it(7);
    } catch (const std::exception &error) {
        std::cout << "caught: " << error.what() << std::endl;
        return 0;
    }
    return 1;
}
