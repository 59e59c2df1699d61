/* QR codes: libqrencode computes the squares, here they become runs of an SVG path. Error correction is medium. */
#include "app/qr.h"

#include <qrencode.h>

#include "base/buf.h"

enum { QUIET = 4, PATH_BYTES = 1 << 20 };

static void add_row(struct buf *b, const unsigned char *row, int width, int y) {
  for (int x = 0; x < width; x++) {
    int end = x;
    while (end < width && (row[end] & 1)) end++;
    if (end == x) continue;
    buf_fmt(b, "M%d %dh%dv1h-%dz", x + QUIET, y + QUIET, end - x, end - x);
    x = end;
  }
}
bool qr_path(struct arena *mem, struct str text, struct str *out_path, struct str *out_box) {
  QRcode *code = QRcode_encodeString8bit(str_z(mem, text), 0, QR_ECLEVEL_M);
  if (!code) return false;
  AUTO_BUF b = BUF_MAX(PATH_BYTES);
  for (int y = 0; y < code->width; y++) add_row(&b, code->data + (size_t)y * (size_t)code->width, code->width, y);
  *out_path = str_dup(mem, buf_view(&b));
  *out_box = str_fmt(mem, "0 0 %d %d", code->width + 2 * QUIET, code->width + 2 * QUIET);
  QRcode_free(code);
  return true;
}
