/* Parts of reading what people fill in; see flow_read. Private to this engine. */
#ifndef ENGINE_FLOW_READ_H
#define ENGINE_FLOW_READ_H
#include "base/arena.h"
#include "declare/system.h"

/* phone, bank_account, id_number, credit_code; *out is the form in which it is kept. False: it is none. */
MUST_CHECK bool flow_form_read(struct arena *mem, enum type_word t, struct str said, struct str *out);
#endif
