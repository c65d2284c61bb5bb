#include <stdexcept>

void throw_it(int value)
{
    throw std::runtime_error("thrown " + std::to_string(value));
}
