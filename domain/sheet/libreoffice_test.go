package sheet

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// LibreOffice opens what is written as a person sees it there: widths, choices,
// text that stays text, numbers that can be summed up; and what it saves again
// reads back. Where it is not installed that is said, and nothing is tried.
func TestLibreOfficeOpensWorkbooks(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("soffice")
	if err != nil {
		t.Log("LibreOffice is not installed: its view of the workbooks is not looked at")
		return
	}
	form := Table{
		Name: "Ehdotukset",
		Head: []string{"Otsikko" + Star, "Mitä ehdotetaan" + Star, "Alue" + Star, "Suostumuksen päivä" + Star, "Ääniä"},
		Long: []int{1}, Counts: []int{4},
		Rows: []Row{
			{Cells: []string{"=1+1", "Kaksi\nriviä", "Keskinen", "1.2.2026", "7"}},
			{Cells: []string{"00530", "3/4", "Itäinen", "-5", "12"}},
		},
	}
	choices := Table{
		Name: "Vaihtoehdot",
		Head: []string{"Teema", "Alue"},
		Rows: []Row{{Cells: []string{"x", "Keskinen"}}, {Cells: []string{"y", "Itäinen"}}},
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "written.xlsx")
	var written bytes.Buffer
	must(t, Write(&written, XLSX, form, choices))
	must(t, os.WriteFile(file, written.Bytes(), 0o600))
	convert := func(kind string) []byte {
		t.Helper()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute) // its first start builds a profile
		defer cancel()
		out := filepath.Join(dir, kind)
		command := exec.CommandContext(ctx, program, "--headless", "--norestore",
			"-env:UserInstallation=file://"+filepath.Join(dir, "profile"), "--convert-to", kind, "--outdir", out, file)
		command.Env = append(os.Environ(), "HOME="+dir)
		if said, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		text, err := os.ReadFile(filepath.Join(out, "written."+kind))
		must(t, err)
		return text
	}

	var seen document
	must(t, xml.Unmarshal(convert("fods"), &seen))
	if len(seen.Tables) != 2 || seen.Tables[0].Name != form.Name {
		t.Fatalf("got %d sheets, want the form and its choices", len(seen.Tables))
	}
	sheet := seen.Tables[0]
	widths := seen.widths(t, sheet)
	for column, want := range []float64{narrow, wide, narrow, 22, narrow} {
		if got := widths[column] / widths[0] * narrow; got < want*0.9 || got > want*1.1 {
			t.Errorf("column %s is %.1f characters wide, want %.0f", Column(column), got, want)
		}
	}
	for i, row := range form.Rows {
		cells := sheet.cells(i + 1)
		for j, want := range row.Cells {
			kind := "string"
			if slices.Contains(form.Counts, j) {
				kind = "float"
			}
			if strings.HasPrefix(want, "=") {
				want = "'" + want // inert, as everywhere
			}
			if got := cells[j]; got.text() != want || got.Type != kind || got.Formula != "" {
				t.Errorf("row %d, column %s: got %+v, want %q, a %s", i+2, Column(j), got, want, kind)
			}
		}
	}
	offered := map[string]string{}
	for _, v := range seen.Validations {
		offered[v.Name] = v.Condition
	}
	if rule := offered[sheet.cells(1)[2].Validation]; !strings.Contains(rule, "Vaihtoehdot") {
		t.Errorf("column C offers %q, want the areas", rule)
	}

	again, err := Read(convert("xlsx"), Limits{}, paper...)
	must(t, err)
	if got := again.Cell(again.Rows[1], "text.area"); got != "Itäinen" {
		t.Errorf("saved by LibreOffice, the area reads %q", got)
	}
	if _, err := Read(convert("ods"), Limits{}, paper...); err == nil || !strings.Contains(err.Error(), ".xlsx") {
		t.Errorf("an .ods is told as %v, want to be asked for .xlsx", err)
	}
}

// document is what is looked at in OpenDocument 1.3's flat form.
type document struct {
	Styles      []openStyle `xml:"automatic-styles>style"`
	Validations []struct {
		Name      string `xml:"name,attr"`
		Condition string `xml:"condition,attr"`
	} `xml:"body>spreadsheet>content-validations>content-validation"`
	Tables []openSheet `xml:"body>spreadsheet>table"`
}

type openStyle struct {
	Name   string `xml:"name,attr"`
	Column struct {
		Width string `xml:"column-width,attr"`
	} `xml:"table-column-properties"`
}

type openSheet struct {
	Name    string `xml:"name,attr"`
	Columns []struct {
		Style    string `xml:"style-name,attr"`
		Repeated int    `xml:"number-columns-repeated,attr"`
	} `xml:"table-column"`
	Rows []struct {
		Cells []openCell `xml:"table-cell"`
	} `xml:"table-row"`
}

type openCell struct {
	Type       string   `xml:"value-type,attr"`
	Formula    string   `xml:"formula,attr"`
	Validation string   `xml:"content-validation-name,attr"`
	Repeated   int      `xml:"number-columns-repeated,attr"`
	Lines      []string `xml:"p"`
}

func (c openCell) text() string { return strings.Join(c.Lines, "\n") }

func (s openSheet) cells(row int) (cells []openCell) {
	for _, c := range s.Rows[row].Cells {
		for range min(max(c.Repeated, 1), 100) {
			cells = append(cells, c)
		}
	}
	return cells
}

// widths are the columns', in LibreOffice's own measure.
func (d document) widths(t *testing.T, s openSheet) (widths []float64) {
	t.Helper()
	for _, c := range s.Columns {
		at := slices.IndexFunc(d.Styles, func(one openStyle) bool { return one.Name == c.Style })
		if at < 0 {
			t.Fatalf("no style %s", c.Style)
		}
		var width float64
		if _, err := fmt.Sscanf(d.Styles[at].Column.Width, "%f", &width); err != nil {
			t.Fatalf("width %q: %v", d.Styles[at].Column.Width, err)
		}
		for range min(max(c.Repeated, 1), 100) {
			widths = append(widths, width)
		}
	}
	return widths
}
