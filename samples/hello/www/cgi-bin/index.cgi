#!/bin/sh
# The page. A browser gets HTML, everything else plain text.
escape() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g'; }
headers() { env | sed -n 's/^HTTP_//p' | sort; }
facts() {
  echo "host=$(hostname)"
  echo "revision=$SANBASHI_REVISION"
  echo "started=$(stat -c %y /proc/1 | cut -d. -f1) UTC"
}

echo "$REQUEST_METHOD $REQUEST_URI for $HTTP_X_FORWARDED_FOR, request $HTTP_X_REQUEST_ID" >&2

case "$HTTP_ACCEPT" in
  *text/html*) ;;
  *)
    printf 'Content-Type: text/plain; charset=utf-8\r\n\r\n%s\n\n' "$GREETING"
    facts | sed 's/=/: /'
    echo
    headers | sed 's/=/: /'
    exit
    ;;
esac

rows() { escape | awk '{ i = index($0, "="); printf "<tr><th>%s</th><td>%s</td></tr>\n", tolower(substr($0, 1, i - 1)), substr($0, i + 1) }' | sed 's/_/-/g'; }
printf 'Content-Type: text/html; charset=utf-8\r\n\r\n'
cat <<PAGE
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$(printf %s "$GREETING" | escape)</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 10vh auto; padding: 0 1.5rem; color: #17324d; background: #f4f8fb; }
  h1 { font-weight: 600; letter-spacing: -.02em; }
  h2 { font-size: .8rem; text-transform: uppercase; letter-spacing: .08em; color: #5b7690; margin-top: 2.5rem; }
  table { border-collapse: collapse; width: 100%; background: #fff; border-radius: 8px; overflow: hidden; box-shadow: 0 1px 3px #17324d22; }
  th, td { text-align: left; padding: .45rem .9rem; border-top: 1px solid #e6eef5; vertical-align: top; overflow-wrap: anywhere; }
  th { width: 12rem; font-weight: 500; color: #5b7690; }
  td { font-family: ui-monospace, monospace; font-size: .9rem; }
</style>
<h1>$(printf %s "$GREETING" | escape)</h1>
<p>This page comes from a container that you deployed.</p>
<h2>Who answered</h2>
<table>
$(facts | rows)
</table>
<h2>Your request</h2>
<table>
$(headers | rows)
</table>
</html>
PAGE
