/* Whole files. Refusals name the file and say what to do. */
#ifndef BASE_FILE_H
#define BASE_FILE_H
#include "base/err.h"

/* Reads a file of at most `most` bytes; "-" is standard input. The bytes live in a. */
MUST_CHECK bool file_read(struct arena *a, struct str path, size_t most, struct str *out, struct err *e);
/* The same of a secret: refused (ERR_FORBIDDEN) when anybody but this process's user owns it or may read or write it. */
MUST_CHECK bool file_read_private(struct arena *a, struct str path, size_t most, struct str *out, struct err *e);
/* Writes beside and renames: the old file stays whole until the new one is. */
MUST_CHECK bool file_write(struct str path, struct str bytes, struct err *e);
/* The same, readable by its owner alone; never into a device. */
MUST_CHECK bool file_write_private(struct str path, struct str bytes, struct err *e);
/* Puts a finished file in its place: synced, then renamed, and the folder synced. The target must not be there. */
MUST_CHECK bool file_place(struct str from, struct str to, struct err *e);
/* Makes a folder; refuses one that is there. */
MUST_CHECK bool file_make_folder(struct str path, struct err *e);
int64_t file_size(struct str path);       /* -1 when it is not there */
int64_t file_room(struct str path);       /* free bytes for it on its disk; -1 when unknown */
int64_t file_changed_us(struct str path); /* when it was last written; -1 when it is not there */
bool file_exists(struct str path);
struct str file_folder(struct str path);    /* "a/b.txt" -> "a", "b.txt" -> ".", borrowed */
struct str file_base(struct str path);      /* "a/b.txt" -> "b.txt", borrowed */
struct str file_extension(struct str path); /* "a/b.TXT" -> "TXT", borrowed, empty when none */
/* Names of the plain files in a folder, sorted by bytes. */
struct str_list {
  struct str *at;
  size_t len;
};
MUST_CHECK bool file_list(struct arena *a, struct str dir, struct str_list *out, struct err *e);
/* The same of the folders in it, without those that begin with a point. */
MUST_CHECK bool file_folders(struct arena *a, struct str dir, struct str_list *out, struct err *e);
#endif
