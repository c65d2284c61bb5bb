#include <lua.h>

static int answer(lua_State *lua)
{
    lua_pushinteger(lua, 42);
    return 1;
}

int luaopen_answer(lua_State *lua)
{
    lua_pushcfunction(lua, answer);
    return 1;
}
