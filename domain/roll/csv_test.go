package roll

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"
)

func readAll(t testing.TB, file string) (rows []Row, faults []string) {
	fault := func(f Fault) { faults = append(faults, fmt.Sprintf("%d: %s", f.Line, f.Reason())) }
	r, err := newReader(strings.NewReader(file), pepper, map[string]bool{"etela": true, "etelä": true, "lansi": true},
		fault)
	if bad, ok := errors.AsType[Faults](err); ok {
		fault(bad.First[0])
		return nil, faults
	}
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.next()
		if err != nil {
			t.Fatal(err)
		}
		if row == nil {
			return rows, faults
		}
		rows = append(rows, *row)
	}
}

func TestRollFile(t *testing.T) {
	file := "\ufeffprotected;Area;municipality;identity_code;birth_date\r\n" +
		"no;etela;091;131052-308T;\r\n" +
		"true;lansi;091;" + codeOf("290212", "A", "901") + ";2012-02-29\r\n" +
		"\r\n" +
		"0;;091;;2013-05-06\r\n" +
		"0;;091;;2013-05-06\r\n"
	rows, faults := readAll(t, file)
	if len(faults) > 0 || len(rows) != 4 {
		t.Fatalf("%d rows, faults %q", len(rows), faults)
	}
	if ref, _ := Refer(pepper, "131052-308T"); rows[0].Person != ref || rows[0].Area != "etela" ||
		rows[0].Born.Year() != 1952 ||
		rows[0].Line != 2 {
		t.Errorf("%+v", rows[0].Entry)
	}
	if !rows[1].Protected || rows[1].Area != "" {
		t.Error("where a protected person lives is kept")
	}
	if rows[2].Line != 5 || rows[2].Person == rows[3].Person {
		t.Error("two people without a code are one")
	}
	again, _ := readAll(t, file)
	if !slices.Equal(rows, again) {
		t.Error("the same file reads as other people")
	}
}

// However a program wrote the file, it names the same people.
func TestRollFileHoweverWritten(t *testing.T) {
	plain := "identity_code;municipality;area;protected\n131052-308T;091;etelä;0\n;091;;0\n131052-308T;091;etelä;1\n"
	want := []string{"3: there is neither an identity code nor a birth date"}
	encode := func(e encoding.Encoding, text string) string {
		file, err := e.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return file
	}
	for name, file := range map[string]string{
		"UTF-8":             plain,
		"a mark":            "\ufeff" + plain,
		"Windows-1252":      encode(charmap.Windows1252, plain),
		"UTF-16":            encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), plain),
		"a Mac's letters":   norm.NFD.String(plain),
		"an old Mac":        strings.ReplaceAll(plain, "\n", "\r"),
		"tabs":              strings.ReplaceAll(plain, ";", "\t"),
		"a named separator": "sep=;\r\n" + plain,
		"blank rows":        strings.ReplaceAll(plain, "etelä;1\n", "etelä;1\n;;;\n\n"),
		"capital headings":  strings.Replace(plain, "area", " AREA\u00a0", 1),
	} {
		t.Run(name, func(t *testing.T) {
			rows, faults := readAll(t, file)
			if !slices.Equal(faults, want) {
				t.Errorf("got %q, want %q", faults, want)
			}
			if len(rows) != 2 || rows[0].Area != "etelä" || !rows[1].Protected || rows[1].Line != 4 {
				t.Errorf("got %d rows, %+v", len(rows), rows)
			}
		})
	}
}

func TestEveryBadRowIsToldByLine(t *testing.T) {
	header := "identity_code,birth_date,municipality,area,protected,previous_identity_code\n"
	good := "131052-308T,,091,etela,0,\n"
	_, faults := readAll(t, header+good+
		",,091,,0,\n"+
		"131052-308U,,91,,0,\n"+
		"131052-308T,1952-10-14,091,,0,\n"+
		"131052-308T,13.10.1952,091,,0,\n"+
		"131052-308T,,091,itä,maybe,\n"+
		"131052-308T,,091,,0,131052-308T\n"+
		"131052-308T,,091,,0,131052-308V\n"+
		",1952-10-13,091,,0,131052-308T\n"+
		"131052-308T,,091,etela\n"+
		good+
		"131052-308T,,09\"1,etela,0,\n"+
		"131052-308T,,\"091\n\",etela,0,\n")
	want := []string{
		"3: there is neither an identity code nor a birth date",
		"4: the identity code's check character is wrong",
		"4: the municipality is no code of three digits, such as 091",
		"5: birth date and identity code name different days",
		"6: the birth date is no day as YYYY-MM-DD",
		"7: the area is none of the round's",
		"7: protected is none of true, false, 1, 0, yes, no",
		"8: the previous identity code is the present one",
		"9: previous code: the identity code's check character is wrong",
		"10: a previous identity code needs a present one beside it",
		"11: the row has not as many fields as the header",
		"13: a quotation mark stands inside a field that does not begin with one",
	}
	if !slices.Equal(faults, want) {
		t.Errorf("got  %q\nwant %q", faults, want)
	}
}

func TestHeaders(t *testing.T) {
	for file, want := range map[string]string{
		"": "1: the file is empty",
		"identity_code,municipality,area,protected,shoe_size\n": "1: the column \"shoe_size\" is none of " +
			"identity_code, birth_date, municipality, area, protected, previous_identity_code",
		"identity_code,identity_code,municipality\n": "1: column identity_code comes twice",
		"municipality,area,protected\n": "1: there is neither a column " +
			"identity_code nor birth_date",
		"identity_code,area,protected\n": "1: there is no column municipality",
		"131052-308T,,091,etela,0\n": "1: there is no row of headings: " +
			"identity_code, birth_date, municipality, area, protected, previous_identity_code",
		"identity_code,municipality,area,protected\n\"131052-308T,091,etela,0\n": "2: a field that begins with a " +
			"quotation mark does not end with one",
		"identity_code,municipality,area,protected\n131052-308T,091,it\x81,0\n": "1: line 2: it is no text in " +
			"Windows-1252; save the file as CSV UTF-8, or as .xlsx",
	} {
		if _, faults := readAll(t, file); len(faults) != 1 || faults[0] != want {
			t.Errorf("%q: %q, want %q", file, faults, want)
		}
	}
}

func FuzzRollFile(f *testing.F) {
	f.Add("identity_code,birth_date,municipality,area,protected\n131052-308T,,091,etela,0\n")
	f.Add("identity_code;municipality;area;protected\n\"131052-308T;091;;1\n")
	f.Fuzz(func(t *testing.T, file string) {
		rows, _ := readAll(t, file)
		for _, r := range rows {
			if r.Born.IsZero() || len(r.Municipality) != 3 || r.Protected && r.Area != "" {
				t.Fatalf("%+v", r.Entry)
			}
		}
	})
}
