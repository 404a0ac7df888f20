package sheet

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"
)

// A workbook offers its choices, is as wide as its heads and texts need, in
// characters, and reads back although a star marks what must be filled in.
func TestAWorkbookToFillIn(t *testing.T) {
	t.Parallel()
	form := Table{
		Name: "Ehdotukset",
		Head: []string{"Otsikko" + Star, "Mitä ehdotetaan" + Star, "Alue" + Star, "Suostumuksen päivä" + Star, "Ylläpito"},
		Long: []int{1},
		Rows: []Row{{Cells: []string{"A", "B", "Keskinen", "1.2.2026", ""}}},
	}
	choices := Table{
		Name: "Vaihtoehdot",
		Head: []string{"Teema", "Alue"},
		Rows: []Row{{Cells: []string{"x", "Keskinen"}}, {Cells: []string{"y", "Itäinen"}}, {Cells: []string{"z"}}},
	}
	var file bytes.Buffer
	must(t, Write(&file, XLSX, form, choices))
	f, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	must(t, err)
	defer func() { _ = f.Close() }()
	offered, err := f.GetDataValidations("Ehdotukset")
	must(t, err)
	if len(offered) != 1 || offered[0].Sqref != "C2:C5001" || offered[0].Formula1 != "'Vaihtoehdot'!$B$2:$B$3" {
		t.Errorf("got %+v, want the two areas in column C", offered)
	}
	for column, want := range map[string]float64{"A": narrow, "B": wide, "D": 22, "E": narrow} {
		if got, err := f.GetColWidth("Ehdotukset", column); err != nil || got != want {
			t.Errorf("column %s: got %v, %v, want %v", column, got, err, want)
		}
	}
	table, err := Read(file.Bytes(), Limits{}, paper...)
	must(t, err)
	if got := table.Cell(table.Rows[0], "text.area"); got != "Keskinen" || len(table.Ignored) != 1 {
		t.Errorf("got %q, ignored %q, want Keskinen and one column", got, table.Ignored)
	}
}

// What is counted is a number in a workbook, and nothing else there is; a cell
// that would compute stays text.
func TestCountsAreNumbers(t *testing.T) {
	var file bytes.Buffer
	table := Table{
		Name: "numbers", Head: []string{"code", "ballots"}, Counts: []int{1},
		Rows: []Row{{Cells: []string{"0012", "7"}}, {Cells: []string{"=1+1", "=2+2"}}},
	}
	if err := Write(&file, XLSX, table); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenReader(bytes.NewReader(file.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	for cell, want := range map[string]excelize.CellType{
		"A2": excelize.CellTypeInlineString, "B2": excelize.CellTypeUnset, // a number has no type of its own
		"A3": excelize.CellTypeInlineString, "B3": excelize.CellTypeInlineString,
	} {
		if got, err := f.GetCellType("numbers", cell); err != nil || got != want {
			t.Errorf("%s: got type %d, %v, want %d", cell, got, err, want)
		}
	}
	if got, err := f.GetCellValue("numbers", "A2"); err != nil || got != "0012" {
		t.Errorf("got %q, %v, want what was written", got, err)
	}
}
