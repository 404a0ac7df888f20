package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/unicode/norm"

	"osbu/domain"
)

var awkward = []string{
	"plain", "", "=1+1", "+358 40 123", "-5", "-5 and more", "@cmd", "\tindented", "\rreturned", "'quoted'", "'=1", "''=1",
	"|x", "＝1", "a;b,c", `says "yes"`, "two\nlines",
	"Ääkköset, å", "🌳🏊", "שלום", "<b>&amp;", " spaces ", "1,5", "007", "1E5",
}

func TestWhatIsWrittenReadsBackUnchanged(t *testing.T) {
	t.Parallel()
	want := Table{Head: []string{"id", "text", "=head"}}
	for i, text := range awkward {
		want.Rows = append(want.Rows, Row{i + 2, []string{fmt.Sprint(i), text, "end"}})
	}
	for _, format := range []Format{XLSX, CSV} {
		var file bytes.Buffer
		if err := Write(&file, format, want,
			Table{Name: "Choices", Head: []string{"area"}, Rows: []Row{{2, []string{"north"}}}}); err != nil {
			t.Fatal(err)
		}
		got, err := Read(file.Bytes(), Limits{})
		if err != nil {
			t.Fatalf("%s: %v", format, err)
		}
		if !slices.Equal(got.Head, want.Head) || len(got.Rows) != len(want.Rows) {
			t.Fatalf("%s: %q, %d rows", format, got.Head, len(got.Rows))
		}
		for i, row := range got.Rows {
			if !slices.Equal(row.Cells, want.Rows[i].Cells) {
				t.Errorf("%s: %q is %q", format, want.Rows[i].Cells, row.Cells)
			}
			if format == XLSX && row.Line != i+2 {
				t.Errorf("row %d has the number %d", i+2, row.Line)
			}
		}
	}
}

// In no program, whatever it takes for a separator, does a cell begin like a
// formula, and reading gives back what was written.
func TestNothingWrittenRuns(t *testing.T) {
	t.Parallel()
	cells := append(
		slices.Clone(awkward),
		"+Inf", "-Inf", "+0x1p-2", "-0x10", "+1_000", "+1e", "-1.2.3", " =1+1", "\u00a0@cmd", "-5%", "-1,5,=1",
		"x,=1+1", "x;=1+1", "x\t=1+1", "x\n=1+1", "x\r=1+1", "x\r\n=1+1", "x, +1+1", "x,-1+1", "x;@cmd", "x,\"=1+1", "x,'=1",
		"x,\"\"=1",
		"x\n- cmd|' /C calc'!A0", ",=1", ";;=1", "\t\t=1", "a,b,=c,-d", "'\n=1", "x,|y",
	)
	formula := regexp.MustCompile("^[ \u00a0]*[=+\\-@|%＝＋－＠]")
	for _, text := range cells {
		if back := alive(Inert(text)); back != text {
			t.Errorf("%q comes back as %q", text, back)
		}
		var file bytes.Buffer
		must(t, Write(&file, CSV, Table{Head: []string{"a", "b"}, Rows: []Row{{Cells: []string{"1", text}}}}))
		for _, separator := range ",;\t" {
			r := rows(bytes.TrimPrefix(file.Bytes(), []byte(mark)), separator)
			r.LazyQuotes = true
			all, err := r.ReadAll()
			must(t, err)
			for _, row := range all {
				for _, cell := range row {
					if formula.MatchString(cell) && !number.MatchString(strings.TrimSpace(cell)) {
						t.Errorf("%q runs where cells end in %q: %q", text, separator, cell)
					}
				}
			}
		}
	}
	for _, text := range []string{
		"-12.50", "+7", "-12,5", "-1e5", "+1,5E-3", "x, -5", "1,-5", "Lista:\n- yksi\n- kaksi", "a - b", "a, b; c",
		"2024-2026", "x@y.fi",
	} {
		if got := Inert(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

// Every field is quoted, a row ends in CR LF, and a line break within a cell
// stays as it is.
func TestWritingCSV(t *testing.T) {
	t.Parallel()
	var file bytes.Buffer
	must(t, Write(&file, CSV,
		Table{Head: []string{"a", "b"}, Rows: []Row{{Cells: []string{"1", "say \"x\"\ny"}}, {Cells: []string{"", "=1"}}}}))
	if got, want := file.String(), mark+"\"a\";\"b\"\r\n\"1\";\"say \"\"x\"\"\ny\"\r\n\"\";\"'=1\"\r\n"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	for language, want := range map[domain.Language]string{
		domain.Finnish: "60,153", domain.Swedish: "60,153",
		domain.English: "60.153",
	} {
		if got := Decimal("60.153", language); got != want {
			t.Errorf("%s: got %s, want %s", language, got, want)
		}
	}
}

func TestReadingCSV(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file string
		want string
	}{
		"semicolons":              {"a;b\n1;2\n", "[a b] 2:[1 2]"},
		"commas":                  {"a,b\r\n1,2\r\n", "[a b] 2:[1 2]"},
		"mark":                    {mark + "a;b\n1;2", "[a b] 2:[1 2]"},
		"tabs":                    {"a\tb, c\td\n1\t2;3\t4\n", "[a b, c d] 2:[1 2;3 4]"},
		"a named separator":       {"sep=;\r\na,b;c\r\n1;2\r\n", "[a,b c] 2:[1 2]"},
		"a named one, quoted":     {mark + "\"sep=\t\"\na\tb\n1\t2\n", "[a b] 2:[1 2]"},
		"a cell that says sep":    {"sep=b;c\n1;2\n", "[sep=b c] 2:[1 2]"},
		"an old Mac":              {"a;b\r1;\"x\ry\"\r2;3\r", "[a b] 2:[1 x\ny] 3:[2 3]"},
		"mixed line ends":         {"a;b\r1;\"x\ry\"\r\n2;3\n", "[a b] 2:[1 x\ry] 3:[2 3]"},
		"Windows-1252":            {"a;\xe4\n1;\x80 \x96 \xd6\n", "[a ä] 2:[1 € – Ö]"},
		"UTF-16":                  {"\xff\xfea\x00;\x00\xe4\x00\n\x001\x00;\x00<\xd83\xdf", "[a ä] 2:[1 🌳]"},
		"UTF-16, the other way":   {"\xfe\xff\x00a\x00;\x00\xe4\x00\n\x001\x00;\x002", "[a ä] 2:[1 2]"},
		"UTF-16 without a mark":   {"a\x00;\x00\xe4\x00\n\x001\x00;\x002\x00", "[a ä] 2:[1 2]"},
		"decomposed letters":      {"a;a\u0308\n1;A\u030a\n", "[a ä] 2:[1 Å]"},
		"blank rows":              {"\n;;\n a ;b\n\n ; \n1;2\n;\n3;4\n", "[a b] 6:[1 2] 8:[3 4]"},
		"short row":               {"a;b;c\n1\n", "[a b c] 2:[1  ]"},
		"a row of several lines":  {"a;b\n\"x\ny\";2\n3;4\n", "[a b] 2:[x\ny 2] 3:[3 4]"},
		"one column":              {"a\nb, c\n", ""},
		"separators within marks": {"\"a;;;;\",b\n1,2\n", "[a;;;; b] 2:[1 2]"},
		"blanks beyond the head":  {"a;b;;\n1;2;;\n", "[a b] 2:[1 2]"},
	} {
		table, err := Read([]byte(c.file), Limits{})
		if c.want == "" {
			if e, _ := errors.AsType[*domain.Error](err); e == nil || len(e.Fields) != 1 ||
				e.Fields[0].Path != "rows[2].B" {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		if got := show(table); err != nil || got != c.want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func show(t Table) string {
	var b strings.Builder
	fmt.Fprint(&b, t.Head)
	for _, row := range t.Rows {
		fmt.Fprintf(&b, " %d:%v", row.Line, row.Cells)
	}
	return b.String()
}

// A hostile or careless file is refused with its reason and place.
func TestRefusals(t *testing.T) {
	t.Parallel()
	small := Limits{Bytes: 60_000, Unzipped: 200_000, Rows: 3, Columns: 4, Cell: 10}
	workbook := func(change func(*excelize.File)) []byte {
		f := excelize.NewFile()
		defer func() { _ = f.Close() }()
		must(t, f.SetSheetRow("Sheet1", "A1", &[]string{"a", "b"}))
		must(t, f.SetSheetRow("Sheet1", "A2", &[]string{"1", "2"}))
		change(f)
		var file bytes.Buffer
		_, err := f.WriteTo(&file)
		must(t, err)
		return file.Bytes()
	}
	whole := workbook(func(*excelize.File) {})
	flipped := bytes.Clone(whole)
	flipped[bytes.Index(flipped, []byte("xl/worksheets/sheet1.xml"))+40] ^= 0xff
	sheet := func(rows string) []byte {
		return pack(
			t,
			whole,
			map[string]string{
				"xl/worksheets/sheet1.xml": `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>` + rows + `</sheetData></worksheet>`,
			},
		)
	}
	for name, c := range map[string]struct {
		file []byte
		code domain.Code
		path string
	}{
		"empty":                      {nil, CodeEmpty, ""},
		"blanks":                     {[]byte(";;\n\n"), CodeEmpty, ""},
		"half UTF-8":                 {[]byte("a;b\n1;äiti\n2;\xe4iti\n"), CodeEncoding, "rows[3]"},
		"half a character of UTF-16": {[]byte("\xff\xfea\x00\n\x00;"), CodeEncoding, "rows[2]"},
		"MS-DOS":                     {[]byte("a;b\n1;M\x84ki\n"), CodeEncoding, "rows[2]"},
		"bytes of no text":           {[]byte("a;b\n1;\x00\x00\x01\x00\n"), CodeEncoding, "rows[1]"},
		"bytes of no Windows-1252":   {[]byte("a;b\n1;\x81\n"), CodeEncoding, "rows[2]"},
		"an image":                   {[]byte("\x89PNG\r\n\x1a\n\x00\x00\x00"), CodeType, ""},
		"a PDF":                      {[]byte("%PDF-1.7\n1;2\n"), CodeType, ""},
		"OpenDocument":               {openDocument(t), CodeType, ""},
		"a quotation mark left open": {[]byte("a;b\n\"1;2\n3;4\n"), CodeQuotes, "rows[2]"},
		"one left open at the end":   {[]byte("a;b\n1;2\n3;\"4"), CodeQuotes, "rows[3]"},
		"a quotation mark in a cell": {[]byte("a;b\n1\"2;3\n"), CodeQuotes, "rows[2]"},
		"one after a cell of lines":  {[]byte("a;b\n\"1\n\n\";2\n1\"2;3\n"), CodeQuotes, "rows[3]"},
		"too many bytes":             {bytes.Repeat([]byte("a"), small.Bytes+1), CodeTooLarge, ""},
		"too many rows":              {[]byte("a\n1\n2\n3\n4\n"), domain.CodeInvalid, "rows"},
		"too many columns":           {[]byte("a,b,c,d,e\n"), domain.CodeInvalid, "rows[1].E"},
		"a cell too long":            {[]byte("a;b\n1;12345678901\n"), domain.CodeInvalid, "rows[2].B"},
		"a cell below no head":       {[]byte("a;b\n1;2;3\n"), domain.CodeInvalid, "rows[2].C"},
		"an old workbook":            {append(bytes.Clone(oleMagic), 0, 0), CodeProtected, ""},
		"one hidden in a new one":    {pack(t, whole, map[string]string{"x": string(oleMagic)}), CodeProtected, ""},
		"a zip of something else": {
			pack(t, pack(t, nil, nil), map[string]string{"readme.txt": "hello"}), CodeUnreadable,
			"",
		},
		"half a workbook": {whole[:len(whole)/2], CodeUnreadable, ""},
		"a flipped bit":   {flipped, CodeUnreadable, ""},
		"a bomb": {
			pack(t, whole, map[string]string{"xl/media/a": strings.Repeat("\x00", 1<<20)}),
			CodeTooLarge, "",
		},
		"a bomb of many parts":      {many(t, mostParts+1), CodeTooLarge, ""},
		"a part twice":              {twice(t), CodeUnreadable, ""},
		"a part under a false size": {lying(t), CodeUnreadable, ""},
		"XML cut off": {pack(t, whole,
			map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row>"}), CodeUnreadable, ""},
		"entities": {
			pack(t, whole,
				map[string]string{"xl/sharedStrings.xml": `<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si><t>&a;</t></si></sst>`}),
			CodeUnreadable, "",
		},
		"deep XML": {pack(t, whole,
			map[string]string{"xl/workbook.xml": strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)}), CodeUnreadable, ""},
		"no sheet": {pack(t, whole,
			map[string]string{"xl/workbook.xml": `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>`}), CodeUnreadable, ""},
		"a formula never computed": {workbook(func(f *excelize.File) {
			must(t,
				f.SetCellFormula("Sheet1", "B3", "=1+1"))
		}), CodeFormula, "rows[3].B"},
		"a row without end":        {sheet(`<row r="2147483647"><c r="A1"><v>1</v></c></row>`), CodeUnreadable, ""},
		"rows out of order":        {sheet(`<row r="2"/><row r="1"/>`), CodeUnreadable, ""},
		"cells out of order":       {sheet(`<row><c r="B1"><v>1</v></c><c r="A1"><v>2</v></c></row>`), CodeUnreadable, ""},
		"a cell nowhere":           {sheet(`<row><c r="1A"><v>1</v></c></row>`), CodeUnreadable, ""},
		"a shared text before all": {sheet(`<row><c r="A1" t="s"><v>-1</v></c></row>`), CodeUnreadable, ""},
		"one before all, and blanks": {
			sheet("<row><c r=\"A1\" t=\"s\"><v>\n -9223372036854775808 </v></c></row>"),
			CodeUnreadable, "",
		},
		"a shared text after all": {sheet(`<row><c r="A1" t="s"><v>99999</v></c></row>`), CodeUnreadable, ""},
		"a shared text by name":   {sheet(`<row><c r="A1" t="s"><v>1.5</v></c></row>`), CodeUnreadable, ""},
		"one beyond every number": {
			sheet(`<row><c r="A1" t="s"><v>9223372036854775808</v></c></row>`), CodeUnreadable,
			"",
		},
		"a row of too many cells": {
			sheet("<row>" + strings.Repeat("<c><v>1</v></c>", mostInRow+1) + "</row>"),
			CodeTooLarge, "",
		},
		"a text without end": {
			pack(t, whole,
				map[string]string{"xl/sharedStrings.xml": "<sst><si><t>" + strings.Repeat("a", longest+1) + "</t></si></sst>"}),
			CodeTooLarge, "",
		},
		"too many columns, workbook": {sheet(`<row><c r="XFD1"><v>1</v></c></row>`), domain.CodeInvalid, "rows[1].E"},
		"a cell too long, workbook": {workbook(func(f *excelize.File) {
			must(t,
				f.SetCellStr("Sheet1", "B2", "12345678901"))
		}), domain.CodeInvalid, "rows[2].B"},
		"nothing in the first sheet":  {sheet(""), CodeEmpty, ""},
		"too many rows of a workbook": {sheet(strings.Repeat("<row><c><v>1</v></c></row>", 5)), domain.CodeInvalid, "rows"},
	} {
		_, err := Read(c.file, small)
		e, _ := errors.AsType[*domain.Error](err)
		switch {
		case e == nil || e.Kind != domain.Invalid || e.Code != c.code:
			t.Errorf("%s: %v", name, err)
		case c.path != "" && (len(e.Fields) != 1 || e.Fields[0].Path != c.path):
			t.Errorf("%s: %v", name, err)
		case c.path == "" && e.Detail == "":
			t.Errorf("%s: no words", name)
		}
	}
	if _, err := Read(whole, small); err != nil {
		t.Error(err)
	}
}

// Cells are given as they are stored: nothing is computed, and no number
// rounded or dressed.
func TestReadingWorkbooks(t *testing.T) {
	t.Parallel()
	f := excelize.NewFile()
	defer func() { _ = f.Close() }()
	must(t, f.SetSheetRow("Sheet1", "B2", &[]any{"text", "number", "formula", "euros"}))
	euros, err := f.NewStyle(&excelize.Style{NumFmt: 177})
	must(t, err)
	must(t, f.SetSheetRow("Sheet1", "B5", &[]any{"x", 1234567.25, nil, 9.5}))
	must(t, f.SetCellStyle("Sheet1", "E5", "E5", euros))
	must(t, f.SetCellRichText("Sheet1", "B6", []excelize.RichTextRun{{Text: "bold "}, {Text: "and plain"}}))
	_, err = f.NewSheet("Other")
	must(t, err)
	must(t, f.SetCellStr("Other", "A1", "not read"))
	var file bytes.Buffer
	_, err = f.WriteTo(&file)
	must(t, err)
	sheet := unpack(t, file.Bytes())["xl/worksheets/sheet1.xml"]
	sheet = strings.Replace(sheet, `<c r="E5"`, `<c r="D5"><f>1+1</f><v>41</v></c><c r="E5"`, 1)
	table, err := Read(pack(t, file.Bytes(), map[string]string{"xl/worksheets/sheet1.xml": sheet}), Limits{})
	if got, want := show(table),
		"[ text number formula euros] 5:[ x 1234567.25 41 9.5] 6:[ bold and plain   ]"; err != nil ||
		got != want {
		t.Errorf("%s %v", got, err)
	}
}

func TestWritingRefusesWhatWouldBeCutOff(t *testing.T) {
	t.Parallel()
	err := Write(
		io.Discard,
		XLSX,
		Table{Head: []string{"a", "b"}, Rows: []Row{{2, []string{"", strings.Repeat("ä", longest+1)}}}},
	)
	if e, _ := errors.AsType[*domain.Error](err); e == nil || e.Fields[0].Path != "rows[2].B" {
		t.Error(err)
	}
	if err := Write(io.Discard, "ods", Table{}); err == nil {
		t.Error("any format is written")
	}
}

func TestPlaces(t *testing.T) {
	t.Parallel()
	for column, want := range map[int]string{0: "rows[7].A", 25: "rows[7].Z", 26: "rows[7].AA", 16_384: "rows[7].16385"} {
		if got := Place(7, column); got != want {
			t.Error(got)
		}
	}
}

// FuzzRead: whatever is accepted is within the limits and reads back as
// written.
func FuzzRead(f *testing.F) {
	for _, file := range []string{
		"a;b\n1;2\n", mark + "a,b\r\n\"x\r\ny\",'=2\n", "id\n=1+1\n'-x\n", "\n;;\n", "a;\"b\n", "a;b\n1;\xe4\n",
		"\"0\";\",0\"\n", "sep=;\na\r1,=2\r", "\xff\xfea\x00", string(oleMagic), "PK\x03\x04", "PK\x05\x06",
	} {
		f.Add([]byte(file))
	}
	var workbook bytes.Buffer
	if err := Write(&workbook, XLSX, Table{Head: []string{"a", "b"}, Rows: []Row{{2, []string{"=1", "🌳"}}}}); err != nil {
		f.Fatal(err)
	}
	f.Add(workbook.Bytes())
	l := Limits{Bytes: 1 << 20, Unzipped: 1 << 20, Rows: 20, Columns: 10, Cell: 100}
	f.Fuzz(func(t *testing.T, data []byte) {
		table, err := Read(data, l)
		if err != nil {
			if domain.KindOf(err) != domain.Invalid {
				t.Fatal(err)
			}
			return
		}
		if len(table.Head) == 0 || len(table.Head) > l.Columns || len(table.Rows) > l.Rows {
			t.Fatalf("%d columns, %d rows", len(table.Head), len(table.Rows))
		}
		last := 0
		for _, row := range table.Rows {
			if len(row.Cells) != len(table.Head) || row.Line <= last {
				t.Fatalf("%+v after row %d", row, last)
			}
			last = row.Line
		}
		var file bytes.Buffer
		if err := Write(&file, CSV, table); err != nil {
			t.Fatal(err)
		}
		l := l
		l.Cell *= 2 // for apostrophes
		again, err := Read(file.Bytes(), l)
		if err != nil {
			t.Fatalf("%q: %v", file.Bytes(), err)
		}
		if !slices.Equal(again.Head, table.Head) || len(again.Rows) != len(table.Rows) {
			t.Fatalf("%q", file.Bytes())
		}
		for i, row := range again.Rows {
			for j, cell := range row.Cells {
				if cell != norm.NFC.String(strings.ReplaceAll(table.Rows[i].Cells[j], "\r\n", "\n")) {
					t.Fatalf("%q became %q", table.Rows[i].Cells[j], cell)
				}
			}
		}
	})
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func unpack(t *testing.T, file []byte) map[string]string {
	t.Helper()
	parts := map[string]string{}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	for _, part := range z.File {
		r, err := part.Open()
		must(t, err)
		text, err := io.ReadAll(r)
		must(t, err)
		parts[part.Name] = string(text)
	}
	return parts
}

// pack is the workbook with other parts, or further ones.
func pack(t *testing.T, file []byte, other map[string]string) []byte {
	t.Helper()
	parts := map[string]string{}
	if file != nil {
		parts = unpack(t, file)
	}
	for name, text := range other {
		parts[name] = text
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, text := range parts {
		method := zip.Deflate
		if len(text) < 20 {
			method = zip.Store
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		must(t, err)
		_, err = io.WriteString(w, text)
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

// openDocument begins as LibreOffice's own files do: with their type, unpacked.
func openDocument(t *testing.T) []byte {
	t.Helper()
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	w, err := z.CreateRaw(&zip.FileHeader{
		Name: "mimetype", Method: zip.Store, CompressedSize64: 46,
		UncompressedSize64: 46,
	})
	must(t, err)
	_, err = io.WriteString(w, "application/vnd.oasis.opendocument.spreadsheet")
	must(t, err)
	must(t, z.Close())
	return out.Bytes()
}

func many(t *testing.T, n int) []byte {
	parts := map[string]string{}
	for i := range n {
		parts[fmt.Sprintf("p%d", i)] = ""
	}
	return pack(t, nil, parts)
}

func twice(t *testing.T) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for range 2 {
		_, err := z.Create("xl/workbook.xml")
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

// lying is a zip whose directory says that a megabyte is ten bytes.
func lying(t *testing.T) []byte {
	var packed bytes.Buffer
	text := bytes.Repeat([]byte{0}, 1<<20)
	z := zip.NewWriter(&packed)
	w, err := z.Create("xl/workbook.bin")
	must(t, err)
	_, err = w.Write(text)
	must(t, err)
	must(t, z.Close())
	r, err := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	must(t, err)
	raw, err := r.File[0].OpenRaw()
	must(t, err)
	deflated, err := io.ReadAll(raw)
	must(t, err)
	var out bytes.Buffer
	z = zip.NewWriter(&out)
	header := r.File[0].FileHeader
	header.UncompressedSize64 = 10
	header.Flags &^= 8 // sizes stand in the header
	w, err = z.CreateRaw(&header)
	must(t, err)
	_, err = w.Write(deflated)
	must(t, err)
	must(t, z.Close())
	return out.Bytes()
}
