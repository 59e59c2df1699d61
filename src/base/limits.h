/* Every ceiling of the program, in one screen. What an outsider can make grow has its maximum here and a
 * clear refusal where it is passed. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
  PLAN_FILE_MAX = 16 << 20,         /* bytes of a plan file, and of the text taken out of a container */
  PLAN_DEPTH_MAX = 64,              /* brackets or quotes open at once that the compiler follows */
  PLAN_LINES_MAX = 2000000,         /* lines with something in them */
  PLAN_ITEMS_MAX = 20000,           /* numbered heads of one file; a plan has some hundred */
  PLAN_DIAGS_MAX = 10000,           /* diagnostics of one file; one more line says how many were left out */
  PLAN_FILES_MAX = 64,              /* files of one command line; a directory of plans goes through `index` */
  INDEX_FILES_MAX = 100000,         /* files of one `index` run */
  CONTAINER_PARTS_MAX = 4096,       /* members of a DOCX or XLSX */
  CONTAINER_INFLATE_MAX = 64 << 20, /* bytes that a DOCX or XLSX may unpack to */
  CONTAINER_DEPTH_MAX = 256,        /* elements open at once in XML and HTML */
  WORKER_SECONDS = 20,              /* processor time of a fenced child */
  WORKER_MEMORY_MB = 1024,          /* its address space */
  KEYS_MAX = 2000,                  /* keys in one ring */
  KEYS_FILE_MAX = 1 << 20,          /* bytes of its file */
  SEAL_VALUE_MAX = 256 << 10,       /* bytes of one sealed value */
  YAML_FILE_MAX = 4 << 20,
  DECLARE_FILE_MAX = 512 << 10, /* bytes of system.yaml */
  FLOW_EACH_MAX = 500,          /* elements of an effect `each` in one act */
  FLOW_SETTLE_MAX = 10000,      /* records whose computed fields one act changes, by one way */
  FORM_SENDERS_MAX = 30000,     /* senders of public forms that are remembered at a time */
  PUBLIC_ROWS_MAX = 100,        /* rows of a public page */
  PUBLIC_LOOKS_MAX = 2000,      /* records that are looked at for it */
  PACKAGE_MAX = 16 << 20,       /* bytes of the folder of a system */
  PACKAGE_FILES_MAX = 500,      /* files in it */
  YAML_DEPTH_MAX = 64,
  EVAL_MEMORY_MAX = 64 << 20, /* bytes that the working out of one expression may take */
  FLOW_JOBS_TURN_MAX = 1000,  /* levels of clocks that one turn of the scheduler sees to */
  FLOW_JOBS_AGAIN_MAX = 100,  /* levels that were refused, tried again in it */
  PAPER_PAGES_MAX = 200,      /* pages of one paper */
  PAPER_TEXT_MAX = 2 << 20,   /* bytes of its text */
  PAPER_PARTS_MAX = 100000,   /* blocks, rows, cells and runs of it */
  UNIT_DEPTH_MAX = 32,        /* units above one another */
  RIGHTS_POSTS_MAX = 64,      /* posts that one person holds at a time, those of others who are away among them */
  RIGHTS_TESTS_MAX = 8,       /* tests of one `where` */
  ORG_UNITS_MAX = 1000000,    /* units of one authority, closed ones among them */
  NAME_MAX_CHARS = 100,       /* characters of a name of a unit or a person, a title, a reason */
  IMPORT_FILE_MAX = 8 << 20,  /* bytes of a sheet of units or people */
  IMPORT_ROWS_MAX = 20000,    /* its rows */
  IMPORT_PORTION = 250,       /* rows of a sheet in one transaction */
  AUDIT_KINDS = 400,          /* kinds of record and act offered to choose from */
  AUDIT_RECORDS = 64,         /* kinds of record offered */
  PAGE_MAX = 128 << 20,       /* bytes of one rendered page or export; the JSON of the largest file fits */
  RENDER_MAX = 256 << 20,     /* bytes of one compiled output on the command line */
  TABLE_EXPORT_MAX = 50000,   /* rows of a list in one CSV or XLSX file */
  VIEWS_MAX = 20,             /* views that one person keeps of one list */
  FORM_MAX = 1 << 20,         /* bytes of a form without files */
  STREAM_PIECE_MAX = 4 << 20, /* bytes of a stream that stand in memory at once */
  LIVE_STREAMS_MAX = 200,     /* pages that wait for notices at once, one for each person */
  NOTICES_SHOWN_MAX = 99,     /* the count beside the bell goes no further */
  FORM_FIELDS_MAX = 500,
  DRAFTS_MAX = 200,           /* forms that one person has begun and not sent */
  FILES_LOOSE_MAX = 200,      /* files that one person has sent and no act has taken */
  FIELD_MAX = 64 << 10,       /* bytes of one form field */
  JOURNAL_MAX = 1 << 30,      /* bytes of the journal of a database that nobody backs up */
  SEARCH_QUESTION_MAX = 600,  /* bytes of what is looked for */
  SEARCH_PHRASES_MAX = 8,     /* parts of it between blanks */
  SEARCH_TEXT_MAX = 64 << 10, /* bytes of a title or a body that are searched */
  SEARCH_HITS_MAX = 200,      /* rows of a page */
  SEARCH_LOOKS_MAX = 2000,    /* rows that are looked at for a page when not all may be seen */
  SEARCH_MARKS_MAX = 32,      /* places that are marked in one text */
  LOGIN_MAX = 64,             /* bytes of an account's name */
  SUBJECT_MAX = 200,          /* bytes of the name another system has for a person */
  HEADER_NAME_MAX = 64,       /* bytes of the name of the header it stands in */
  PASSWORD_MAX = 256,         /* bytes of a password; Argon2id reads them all */
  PASSWORDS_AT_ONCE = 4,      /* checked at the same time, 64 MiB each */
  PASSWORDS_WAITING = 64,     /* waiting for their turn; more are told to come again */
  FAILURES_MAX = 20000,       /* names and addresses whose failed sign-ins are remembered */
  SESSIONS_MAX = 50,          /* open at once for one account; the oldest ends */
  TOKENS_MAX = 50,            /* API tokens of one account */
  HTTP_CONNECTIONS_MAX = 1000,
  HTTP_HEADER_MAX = 32 << 10, /* bytes of a request line and its headers (memory of a connection) */
  HTTP_PER_ADDRESS_MAX = 600, /* connections from one address; on loopback all come from one */
  HTTP_HEADER_SECONDS = 20,   /* from the first wait to the end of the headers */
  HTTP_IDLE_SECONDS = 15,     /* nothing moves on a connection */
  HTTP_RATE_MIN = 4 << 10,    /* bytes a second that an upload or a reader must keep up after a grace time */
  HTTP_BODIES_MAX = 32,       /* uploads taken in at once */
  HTTP_DRAIN_MAX = 64 << 20,  /* of a body that is too large: read and thrown away, so that the refusal is seen */
};
#endif
