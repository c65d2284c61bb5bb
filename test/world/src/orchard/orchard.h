/* Lines of a file, packed by gzip or not; -1 when it cannot be read. */
int orchard_lines(const char *file);
/* The same, of the library's static part. */
int orchard_seeds(const char *file);
