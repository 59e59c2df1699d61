/* The fenced worker: untrusted containers are opened in a child of the same binary (`gangmu worker`).
 *
 * The child has ceilings on processor time, memory, file size and open files, a system-call filter that knows neither
 * files nor network nor processes, and dies with its parent. It gets the bytes on descriptor 0 and answers on
 * descriptor 1 in a length-prefixed form that the parent checks as it would check any stranger's bytes. A child that
 * crashes, hangs or answers nonsense is a refusal of that one file; the parent goes on. */
#ifndef TEXT_WORKER_H
#define TEXT_WORKER_H
#include "text/extract.h"

#if defined(__SANITIZE_ADDRESS__)
enum { WORKER_FENCED = 0 }; /* its shadow memory needs the whole address space, its checks further calls */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
enum { WORKER_FENCED = 0 };
#else
enum { WORKER_FENCED = 1 };
#endif
#else
enum { WORKER_FENCED = 1 };
#endif

int worker_children(void); /* that run at this moment */

/* Runs the reader of a container in this process. */
MUST_CHECK bool extract_run(struct extract *x, enum container container, struct str bytes, struct err *e);
/* The same in a fenced child; what it extracts or refuses comes back as if it had been done here. */
MUST_CHECK bool worker_extract(struct extract *x, enum container container, struct str bytes, struct err *e);
/* The child's whole life: fences itself, reads descriptor 0, answers on descriptor 1; returns the exit status. */
int worker_main(void);

/* Runs another program with descriptor 0 = input, under the same ceilings (its system calls are limited by a list of
 * what is forbidden, as it must open its own libraries and fonts). Output above `most` ends it. */
struct child_result {
  struct str out, err_text;
  int exit_status; /* 127: it could not be started */
  bool timed_out, too_much;
};
MUST_CHECK bool child_run(struct arena *mem, const char *const argv[], struct str input, size_t most,
                          struct child_result *out, struct err *e);
#endif
