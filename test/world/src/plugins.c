#include <dlfcn.h>
#include <stdio.h>

int main(void)
{
    void *plugin = dlopen(PLUGIN, RTLD_NOW);
    if (!plugin) {
        puts(dlerror());
        return 1;
    }
    const char *(*name)(void) = (const char *(*)(void))dlsym(plugin, "plugin_name");
    puts(name());
    return 0;
}
