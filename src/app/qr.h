/* A text as a QR code (ISO/IEC 18004), as the path of an SVG: one unit a square. */
#ifndef APP_QR_H
#define APP_QR_H
#include "base/err.h"

/* *out_path: "M4 4h7v1h-7z…"; *out_box: "0 0 45 45", with the quiet zone of four squares. Both in mem. False when the text
 * is too long for a code. */
bool qr_path(struct arena *mem, struct str text, struct str *out_path, struct str *out_box);
#endif
