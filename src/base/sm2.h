/* Signatures with SM2 and SM3 (GB/T 32918.2, GB/T 32905), the signer's identity being the usual 1234567812345678. Keys are PEM
 * files as OpenSSL writes them; the private one must be readable by the program's user alone. */
#ifndef BASE_SM2_H
#define BASE_SM2_H
#include "base/err.h"

/* A new key pair, as PEM texts. */
MUST_CHECK bool sm2_new(struct arena *mem, struct str *out_private, struct str *out_public, struct err *e);
/* *out_signature: base64 of the DER form; *out_signer: the first 16 hex digits of SM3 over the public key (DER). */
MUST_CHECK bool sm2_sign(struct str key_file, struct arena *mem, struct str text, struct str *out_signature,
                         struct str *out_signer, struct err *e);
/* With a public or private key. Answers true when it could be asked. */
MUST_CHECK bool sm2_holds(struct str key_file, struct arena *mem, struct str text, struct str signature, bool *out,
                          struct err *e);
#endif
