package project

import (
	"bytes"
	"slices"
	"testing"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// What leaves is every project in three languages, also what is missing in one,
// with sums as the language writes them and no cell that a program would run.
func TestExportTable(t *testing.T) {
	settings := round.Settings{
		Areas:  []round.Area{{ID: "south", Name: domain.Text{Fi: "Etelä", Sv: "Söder", En: "South"}}},
		Themes: []round.Theme{{ID: "parks", Name: domain.Text{Fi: "Puistot", Sv: "Parker", En: "Parks"}}},
	}
	projects := []Project{{
		Number: 7, Proposal: 12, Area: "south", Theme: "parks", Withdrawn: true,
		Title: domain.Text{Fi: "=1+1", En: "Benches; chairs"}, Description: domain.Text{Fi: "a\nb"},
		Cost: proposal.Cost{Minimum: 1_000_00, Maximum: 2_500_50, Maintenance: 10_00}, Reserved: 2_510_50,
	}}
	for _, c := range []struct {
		language domain.Language
		want     []string
	}{
		{domain.Finnish, []string{
			"7", "12", "Etelä", "Puistot", "=1+1", "", "Benches; chairs", "a\nb", "", "", "", "", "",
			"1000", "2500,50", "10", "2510,50", "kyllä",
		}},
		{domain.English, []string{
			"7", "12", "South", "Parks", "=1+1", "", "Benches; chairs", "a\nb", "", "", "", "", "",
			"1000", "2500.50", "10", "2510.50", "yes",
		}},
	} {
		for _, format := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			t.Run(string(c.language)+" "+string(format), func(t *testing.T) {
				var file bytes.Buffer
				if err := sheet.Write(&file, format, table(settings, projects, c.language)); err != nil {
					t.Fatal(err)
				}
				if format == sheet.CSV && !bytes.Contains(file.Bytes(), []byte(`"'=1+1"`)) {
					t.Errorf("a cell can be run: %q", file.String())
				}
				read, err := sheet.Read(file.Bytes(), sheet.Limits{})
				if err != nil {
					t.Fatal(err)
				}
				if len(read.Rows) != 1 || len(read.Head) != len(c.want) || !slices.Equal(read.Rows[0].Cells, c.want) {
					t.Errorf("got %v below %q, want %q", read.Rows, read.Head, c.want)
				}
			})
		}
	}
}
