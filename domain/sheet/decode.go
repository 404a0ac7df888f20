package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"osbu/domain"
)

// Encoding is how the characters of a text file were written.
type Encoding string

// The encodings that are recognised. A workbook has none.
const (
	UTF8        Encoding = "UTF-8"
	UTF16       Encoding = "UTF-16"       // Excel's "Unicode Text"
	Windows1252 Encoding = "Windows-1252" // what Excel in Finland and Sweden writes unless told otherwise
)

const mark = "\ufeff" // byte order mark

// decode gives a text file in UTF-8 without its byte order mark, and how it was
// written. What is neither whole UTF-8, UTF-16 nor Windows-1252 is refused:
// nothing is replaced by a question mark.
func decode(data []byte) ([]byte, Encoding, error) {
	switch {
	case bytes.HasPrefix(data, []byte{0xff, 0xfe}):
		return decodeUTF16(data[2:], unicode.LittleEndian)
	case bytes.HasPrefix(data, []byte{0xfe, 0xff}):
		return decodeUTF16(data[2:], unicode.BigEndian)
	case bytes.IndexByte(data, 0) >= 0:
		return decodeUnmarked(data)
	case utf8.Valid(data):
		return bytes.TrimPrefix(data, []byte(mark)), UTF8, nil
	}
	return decodeWindows(data)
}

// decodeUnmarked reads UTF-16 without a byte order mark: every second byte of
// what Europeans write is zero there, and nowhere else.
func decodeUnmarked(data []byte) ([]byte, Encoding, error) {
	var zeros [2]int
	for i, b := range data {
		if b == 0 {
			zeros[i%2]++
		}
	}
	switch {
	case zeros[0] == 0:
		return decodeUTF16(data, unicode.LittleEndian)
	case zeros[1] == 0:
		return decodeUTF16(data, unicode.BigEndian)
	}
	return nil, "", notText(1, "it is no text")
}

func decodeUTF16(data []byte, order unicode.Endianness) ([]byte, Encoding, error) {
	text, err := unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	if err != nil {
		return nil, "", notText(1, "it is no whole UTF-16")
	}
	if at := bytes.IndexRune(text, utf8.RuneError); at >= 0 {
		return nil, "", notText(lineOf(text, at), "it is no whole UTF-16")
	}
	if at := bytes.IndexByte(text, 0); at >= 0 {
		return nil, "", notText(lineOf(text, at), "it is no text")
	}
	return text, UTF16, nil
}

// decodeWindows takes what is not UTF-8 for Windows-1252, unless most of what
// is beyond ASCII is UTF-8 (then a part was damaged or pasted in), or a
// character stands where no language has it (then it is another program's
// alphabet, such as that of MS-DOS, whose ä is „).
func decodeWindows(data []byte) ([]byte, Encoding, error) {
	whole, broken, first := 0, 0, 0
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		switch {
		case r == utf8.RuneError && size == 1:
			if broken++; broken == 1 {
				first = at
			}
		case size > 1:
			whole++
		}
		at += size
	}
	if whole >= broken {
		return nil, "", notText(lineOf(data, first), "it is not UTF-8, as the rest is")
	}
	for i, b := range data {
		control := b < ' ' && !bytes.ContainsRune([]byte("\t\n\r\v\f"), rune(b))
		switch {
		case control, bytes.IndexByte([]byte{0x81, 0x8d, 0x8f, 0x90, 0x9d}, b) >= 0: // unassigned
			return nil, "", notText(lineOf(data, i), "it is no text in Windows-1252")
		case bytes.IndexByte([]byte{0x84, 0x86, 0x94, 0x99}, b) >= 0 && letter(data, i-1) && letter(data, i+1):
			return nil, "", notText(lineOf(data, i), "it looks like the alphabet of MS-DOS")
		}
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return nil, "", notText(lineOf(data, first), "it is no text in Windows-1252")
	}
	return text, Windows1252, nil
}

func letter(data []byte, i int) bool {
	return i >= 0 && i < len(data) && (data[i]|0x20 >= 'a' && data[i]|0x20 <= 'z')
}

func lineOf(data []byte, at int) int { return 1 + bytes.Count(data[:at], []byte("\n")) }

func notText(line int, why string) error {
	return &domain.Error{
		Kind:   domain.Invalid,
		Code:   CodeEncoding,
		Detail: fmt.Sprintf("line %d: %s; save the file as CSV UTF-8, or as .xlsx", line, why),
		Fields: []domain.Field{{Path: fmt.Sprintf("rows[%d]", line), Code: "bad_format"}},
	}
}

// lineEnds ends every row in a line feed: old Macs ended them in a carriage
// return alone. Within quotation marks a carriage return is the cell's own,
// unless the file has no other line end.
func lineEnds(text []byte) []byte {
	if bytes.IndexByte(text, '\r') < 0 {
		return text
	}
	if bytes.IndexByte(text, '\n') < 0 {
		return bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	out, quoted := bytes.Clone(text), false
	for i, b := range out {
		switch {
		case b == '"':
			quoted = !quoted
		case b == '\r' && !quoted && (i+1 == len(out) || out[i+1] != '\n'):
			out[i] = '\n'
		}
	}
	return out
}

// told takes the line by which a program names the separator (sep=;), which is
// no row.
func told(text []byte) (separator rune, rest []byte) {
	line, rest, _ := bytes.Cut(text, []byte("\n"))
	name := strings.Trim(strings.TrimRight(string(line), "\r"), `"`)
	if len(name) < 4 || !strings.EqualFold(name[:4], "sep=") {
		return 0, text
	}
	r, size := utf8.DecodeRuneInString(name[4:])
	if size == 0 || len(name) > 4+size || !strings.ContainsRune(";,\t|", r) {
		return 0, text
	}
	return r, rest
}
