add_library(World::world SHARED IMPORTED)
set_target_properties(World::world PROPERTIES
  INTERFACE_INCLUDE_DIRECTORIES "@out@/include"
  IMPORTED_LOCATION "@out@/lib/libworld.so"
  IMPORTED_SONAME "libworld.so"
)
list(APPEND _cmake_import_check_files_for_World::world "@out@/lib/libworld.so" )
set(World_DATA "@out@/share/world")
