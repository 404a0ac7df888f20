package sheet

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
)

// paper are some of the fields of a sheet of assisted proposals.
var paper = []Field{
	{Path: "text.title", Name: domain.Text{Fi: "Otsikko", Sv: "Rubrik", En: "Title"}, Need: true},
	{Path: "text.what", Name: domain.Text{Fi: "Mitä ehdotetaan", Sv: "Vad föreslås", En: "What is proposed"}, Need: true},
	{Path: "text.area", Name: domain.Text{Fi: "Alue", Sv: "Område", En: "Area"}, Need: true},
	{Path: "name", Name: domain.Text{Fi: "Ehdottajan nimi, jos sen saa näyttää", Sv: "Namn", En: "Name"}},
	{
		Path: "given_on", Name: domain.Text{Fi: "Suostumuksen päivä", Sv: "Samtyckets dag", En: "Day of consent"},
		Need: true,
	},
}

// What people's programs write is read as they see it.
func TestReadingWhatProgramsWrite(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"B04-1904.xlsx": "2: Koerivi 14 1904 date cell | Penkki, jolla voi istua ja katsella merta. | Keskinen | 2026-11-03",
		"B05-sep.csv": "2: Rivi A | Penkki, jolla voi istua ja katsella merta. | Keskinen | 2026-11-03\n3: Rivi B " +
			"\"lainattu\" sana | Kaksi riviä:\nensimmäinen ja toinen; puolipiste, pilkku ja vielä \"lainaus\". | Keskinen | " +
			"2026-11-03",
		"B05-tab.csv": "2: Rivi A | Penkki, jolla voi istua ja katsella merta. | Keskinen | 2026-11-03\n3: Rivi B " +
			"\"lainattu\" sana | Kaksi riviä:\nensimmäinen ja toinen; puolipiste, pilkku ja vielä \"lainaus\". | Keskinen | " +
			"2026-11-03",
		"B06-cp1252.csv": "Windows-1252 2: Rivi A | Penkki, jolla voi istua ja katsella merta. | Keskinen | " +
			"2026-11-03\n3: Rivi B \"lainattu\" sana | Kaksi riviä:\nensimmäinen ja toinen; puolipiste, pilkku ja vielä " +
			"\"lainaus\". | Keskinen | 2026-11-03",
		"B06-nfd.csv": "2: NFD | Penkki, jolla voi istua ja katsella merta. | Keskinen | 2026-11-03",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			file, err := os.ReadFile(filepath.Join("testdata", "reading", name))
			must(t, err)
			table, err := Read(file, Limits{}, paper...)
			must(t, err)
			var rows []string
			for _, row := range table.Rows {
				day, ok := table.Day(table.Cell(row, "given_on"))
				if !ok {
					t.Errorf("got no day of %q", table.Cell(row, "given_on"))
				}
				rows = append(rows, fmt.Sprintf(
					"%d: %s | %s | %s | %s",
					row.Line,
					table.Cell(row, "text.title"),
					table.Cell(row, "text.what"),
					table.Cell(row, "text.area"),
					day.Format(time.DateOnly),
				))
			}
			got := strings.Join(rows, "\n")
			if table.Encoding == Windows1252 {
				got = "Windows-1252 " + got
			}
			if got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// The head is found below titles, in any language and spelling; other columns
// are named, and what is wrong is called as it stands.
func TestHeadings(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ file, want string }{
		"a title above": {
			"Ehdotukset, Keskinen, kevät 2026\n\nOtsikko;Mitä ehdotetaan;Alue;Suostumuksen päivä\nA;B;C;1.2.2026\n",
			"fi [] 4:[A B C 1.2.2026]",
		},
		"commas in titles of a file of tabs": {
			"a,b,c,d,e,f\nOtsikko\tMitä ehdotetaan\tAlue\tSuostumuksen päivä\nA\tB\tC\t1.2.2026\n",
			"fi [] 3:[A B C 1.2.2026]",
		},
		"an own column": {
			"Oma numero;RUBRIK:;vad  föreslås;Område *;Samtyckets dag;\"Huom,\nmuista\"\n7;A;B;C;D;x\n",
			`sv ["Oma numero" "Huom, muista"] 2:[7 A B C D x]`,
		},
		"paths":            {"text.title,text.what,text.area,given_on\nA,B,C,D\n", "fi [] 2:[A B C D]"},
		"no-break spaces":  {"Otsikko;Mitä\u00a0ehdotetaan;Al\u00adue;Suostumuksen päivä\nA;B;C;D\n", "fi [] 2:[A B C D]"},
		"none":             {"Rivi A;Penkki;Keskinen;3.11.2026\nRivi B;Pöytä;Keskinen;3.11.2026\n", "sheet_headings"},
		"one word of them": {"Alue;Penkki;Keskinen;3.11.2026\nRivi B;Pöytä;Keskinen;3.11.2026\n", "sheet_headings"},
		"nothing below":    {"Otsikko;Mitä ehdotetaan;Alue;Suostumuksen päivä\n", "sheet_empty"},
		"some are missing": {
			"Rubrik;Område;Namn\nA;B;C\n",
			"columns.text.what required Vad föreslås, columns.given_on required Samtyckets dag",
		},
		"one comes twice": {
			"Title;What is proposed;Area;Day of consent;title\nA;B;C;D;E\n",
			"columns.E duplicate title",
		},
		"a cell too long": {
			"Title;What is proposed;Area;Day of consent\nA;" + strings.Repeat("x", 101) + ";C;D\n",
			"rows[2].B too_long What is proposed",
		},
		"a separator in a text": {
			"Title;What is proposed;Area;Day of consent\nA;x;y;C;D\n",
			"rows[2].E unknown ",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table, err := Read([]byte(c.file), Limits{Cell: 100}, paper...)
			var got string
			if e, ok := errors.AsType[*domain.Error](err); ok {
				var all []string
				for _, f := range e.Fields {
					all = append(all, fmt.Sprintf("%s %s %s", f.Path, f.Code, f.Name))
				}
				if got = strings.Join(all, ", "); got == "" {
					got = string(e.Code)
				}
			} else {
				got = fmt.Sprintf("%s %q", table.Language, table.Ignored)
				for _, row := range table.Rows {
					got += fmt.Sprintf(" %d:%v", row.Line, row.Cells)
				}
			}
			if got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
	file, err := os.ReadFile(filepath.Join("testdata", "reading", "B08-nohead.csv"))
	must(t, err)
	if _, err := Read(file, Limits{}, paper...); domain.CodeOf(err) != CodeHeadings {
		t.Errorf("got %v, want %s", err, CodeHeadings)
	}
}

// A day is what everybody reads in it, or none.
func TestDays(t *testing.T) {
	t.Parallel()
	text, old := Table{Encoding: UTF8}, Table{since: days1904}
	for _, c := range []struct {
		table Table
		cell  string
		want  string
	}{
		{text, "3.4.2026", "2026-04-03"},
		{text, "03.04.2026", "2026-04-03"},
		{text, " 2026-04-03 ", "2026-04-03"},
		{text, "2026-04-03T00:00:00", "2026-04-03"},
		{text, "2026-04-03 13:30:00", "2026-04-03"},
		{text, "13/4/2026", "2026-04-13"},
		{text, "4/4/2026", "2026-04-04"},
		{text, "3/4/2026", ""},
		{text, "12/01/2026", ""},
		{text, "4/13/2026", ""},
		{text, "3.4.26", ""},
		{text, "31.2.2026", ""},
		{text, "46115", ""}, // whose calendar?
		{Table{}, "46115", "2026-04-03"},
		{Table{}, "46115.75", "2026-04-03"},
		{Table{}, "60", ""},
		{old, "44653", "2026-04-03"},
		{old, "3.4.2026", "2026-04-03"},
		{Table{}, "NaN", ""},
		{Table{}, "", ""},
	} {
		got := ""
		if day, ok := c.table.Day(c.cell); ok {
			got = day.Format(time.DateOnly)
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.cell, got, c.want)
		}
	}
}

// What may be chosen is found however it is typed; what is not is told with its
// value and the choices, in the language of the headings.
func TestFaultsNameWhatStands(t *testing.T) {
	t.Parallel()
	areas := []Option{
		{ID: "keskinen", Name: domain.Text{Fi: "Keskinen", Sv: "Mellersta"}},
		{ID: "ita", Name: domain.Text{Fi: "Itä-Helsinki", Sv: "Östra Helsingfors"}},
	}
	for cell, want := range map[string]string{
		"ITA\u0308\u2011helsinki": "ita", "östra\u00a0 Helsingfors": "ita", "keskinen": "keskinen", "": "", "Pohjoinen": "",
	} {
		var problems domain.Problems
		if got := Choose(&problems, "text.area", areas, cell); got != want || len(problems) > 0 != (cell == "Pohjoinen") {
			t.Errorf("%q: got %q and %v, want %q", cell, got, problems, want)
		}
	}
	table, err := Read([]byte("Rubrik;VAD föreslås;Område;Samtyckets dag\nA;B;Norra\n"), Limits{}, paper...)
	must(t, err)
	problems := domain.Problems{
		{Path: "text.area", Code: "unknown"},
		{Path: "text.area", Code: "required"},
		{Path: "name", Code: "too_long", Limit: "80"},
	}
	got := table.Faults(table.Rows[0], problems, map[string][]Option{"text.area": areas})
	want := []Fault{
		{Column: "C", Head: "Område", Code: "unknown", Value: "Norra", Choices: []string{"Mellersta", "Östra Helsingfors"}},
		{Head: "Namn", Code: "too_long", Limit: "80"},
	}
	if !slices.EqualFunc(got, want, func(a, b Fault) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
