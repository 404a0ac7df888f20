package decidim_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/decidim"
)

// zipped is a folder of testdata as Decidim packs it.
func zipped(t *testing.T, dir string) *bytes.Reader {
	t.Helper()
	return repacked(t, dir, "", func(s string) string { return s })
}

// repacked is one with its files, changed, in a folder.
func repacked(t *testing.T, dir, folder string, change func(string) string) *bytes.Reader {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", dir, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		w, err := z.Create(folder + filepath.Base(name))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(change(string(data)))); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return bytes.NewReader(b.Bytes())
}

func read(t *testing.T, dir string, areas map[int64]decidim.AreaOf) decidim.Export {
	t.Helper()
	in := zipped(t, dir)
	e, err := decidim.Read(in, in.Size(), decidim.Options{
		TimeZone: time.UTC, Areas: areas, City: domain.Extent{South: 59.9, West: 24.7, North: 60.4, East: 25.3},
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// told is an export in words.
func told(e decidim.Export) string {
	var b strings.Builder
	for _, r := range e.Rounds {
		fmt.Fprintf(&b, "%s %q/%q %s–%s\n", r.ID, r.Name.Fi, r.Name.Sv, r.Times.Proposing.Opens.Format(time.DateOnly),
			r.Times.Voting.Closes.Format(time.DateOnly))
		for _, a := range r.Settings.Areas {
			fmt.Fprintf(&b, "area %s %q/%q %d\n", a.ID, a.Name.Fi, a.Name.Sv, a.Pot)
		}
		for _, p := range r.Proposals {
			fmt.Fprintf(&b, "proposal %d %s %q by %q in %s/%s, project %d, point %t\n", p.Source, p.State, p.Text.Title, p.Author,
				p.Text.Area, p.Text.Theme, p.Project, p.Text.Point != nil)
		}
		for _, p := range r.Projects {
			votes := "not told"
			if p.Votes != nil {
				votes = fmt.Sprint(*p.Votes)
			}
			fmt.Fprintf(&b, "project %d %q in %s, %d, votes %s, of %d proposals", p.Number, p.Title.Fi, p.Area, p.Cost, votes,
				len(p.Of))
			if p.Result != nil {
				fmt.Fprintf(&b, ", %s at %d %%", p.Result.Report().Phase, p.Result.Progress)
			}
			b.WriteByte('\n')
		}
	}
	for _, f := range e.Faults {
		fmt.Fprintf(&b, "%s:%d %s: %s\n", strings.TrimPrefix(f.File, "kaupunki.example-open-data-"), f.Row, f.Column, f.Reason)
	}
	for _, f := range e.LeftOut {
		fmt.Fprintf(&b, "left out: %s\n", f.File)
	}
	return b.String()
}

func is(t *testing.T, got, want string) {
	t.Helper()
	if got = strings.TrimSpace(got); got != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The exports of older versions: scopes, categories, texts by language.
func TestScopesAndCategories(t *testing.T) {
	t.Parallel()
	e := read(t, "0.27", nil)
	is(t, told(e), `
raha-2018 "Kaupunkilaisten raha 2018"/"Stadsbornas pengar 2018" 2018-11-15–2019-10-31
area itainen "Itäinen"/"Östra" 4000000
area lantinen "Läntinen"/"Västra" 12000000
area koko-kaupunki "Koko kaupunki"/"Hela staden" 0
proposal 101 selected "Penkkejä rantaraitille" by "" in itainen/puistot-ja-luonto, project 1, point true
proposal 102 merged "Koirapuisto 🐕 \"Hauki\"" by "" in lantinen/puistot-ja-luonto, project 2, point false
proposal 103 merged "Toinen koirapuisto, lännessä" by "" in lantinen/puistot-ja-luonto, project 2, point false
proposal 104 rejected "Metro Porvooseen" by "" in itainen/, project 0, point false
proposal 105 withdrawn "Peruttu ajatus" by "" in itainen/, project 0, point false
proposal 106 not_selected "Vesipiste kentälle" by "" in itainen/liikunta, project 3, point false
proposal 109 rejected "Ei missään" by "" in koko-kaupunki/, project 0, point false
project 1 "Penkkejä rantaraitille" in itainen, 4000000, votes 512, of 1 proposals, done at 100 %
project 2 "Koirapuistot länteen" in lantinen, 12000000, votes 901, of 2 proposals, building at 60 %
project 3 "Vesipiste kentälle" in itainen, 1500000, votes 88, of 1 proposals
project 4 "Äänetön hanke" in itainen, 900000, votes not told, of 0 proposals
proposals.csv:7 latitude: no place in the city; kept without it
proposals.csv:8 is_amend: an amendment of another proposal; left out
proposals.csv:9 title: empty; left out
proposals.csv:10 id: was there before; left out
projects.csv:5 budget_amount: no amount of money; left out
projects.csv:6 confirmed_votes: no number; kept without its votes
results.csv:4 parent/id: a part of result 56, whose progress is taken; left out
results.csv:5 proposal_urls: no project of the vote has these proposals or this title; left out
processes/keskustelu:0 : has neither proposals nor projects; left out
left out: kaupunki.example-open-data-comments.csv`)
	proposals := e.Rounds[0].Proposals
	is(t, proposals[0].Text.What, "Rannalla on kaunista.\n\nMutta missään ei voi istua; eikä kukaan jaksa & jää.")
	is(t, proposals[1].Text.What, "– aita\n– portti")
	is(t, proposals[3].Answer.Fi+"|"+proposals[3].Answer.Sv, "Metrosta ei päätetä tässä.|Metrosta ei päätetä tässä.")
}

// The exports of newer versions: taxonomies as lists, authors, votes.
func TestTaxonomies(t *testing.T) {
	t.Parallel()
	areas := map[int64]decidim.AreaOf{31: {ID: "eastern", Pot: domain.Euros(20_000)}, 32: {}}
	e := read(t, "0.30", areas)
	is(t, told(e), `
raha-2023 "Kaupunkilaisten raha 2023"/"Stadsbornas pengar 2023" 2023-03-01–2024-11-30
area eastern "Itäinen"/"Östra" 2000000
area lantinen "Läntinen"/"Västra" 0
proposal 501 selected "Pyöräteline kirjastolle" by "Aino Asukas" in eastern/puistot-ja-luonto, project 1, point false
proposal 502 not_selected "Valaistus polulle" by "Ville V." in lantinen/puistot-ja-luonto, project 2, point false
proposal 503 rejected "Uimahalli" by "Oma Yhdistys ry" in eastern/, project 0, point false
proposal 504 withdrawn "Turha" by "Aino Asukas" in eastern/, project 0, point false
project 1 "Pyöräteline kirjastolle" in eastern, 800000, votes 1204, of 1 proposals, planning at 35 %
project 2 "Valaistus polulle" in lantinen, 6400000, votes 640, of 1 proposals`)
	second := e.Rounds[0].Proposals[1]
	is(t, second.Swedish.Title+"|"+second.Swedish.What, "Belysning på stigen|Det är mörkt.")

	// Without a list of areas a taxonomy is one where the row has no other, and
	// each row of which that is not known is told.
	e = read(t, "0.30", nil)
	is(t, e.Rounds[0].Proposals[2].Text.Area+" "+e.Rounds[0].Proposals[0].Text.Area, "itainen koko-kaupunki")
	is(t, fmt.Sprint(len(e.Faults)), "4")
}

// Money is read as everywhere: of "12,500" nobody knows whether it is twelve
// and a half or twelve thousand five hundred, so it is neither.
func TestPotsAreReadAsMoneyIs(t *testing.T) {
	t.Parallel()
	for pot, want := range map[string]domain.Cents{
		"12500": 12_500_00, "12 500": 12_500_00, "1.868.353": 1_868_353_00, "12500,50 €": 12_500_50, "40000.0": 40_000_00,
		"12,500": -1, "12.500": -1, "-5": -1, "paljon": -1,
	} {
		areas, err := decidim.ReadAreas([]byte("id;area;pot\n31;itainen;\"" + pot + "\"\n"))
		if got := areas[31].Pot; (err != nil) != (want < 0) || err == nil && got != want {
			t.Errorf("%s: got %d, %v, want %d", pot, got, err, want)
		}
	}
}

// What is no zip, or no table of Decidim's, is refused or told, never taken in
// part without a word.
func TestOtherFiles(t *testing.T) {
	t.Parallel()
	if _, err := decidim.Read(strings.NewReader("id;title"), 8, decidim.Options{TimeZone: time.UTC}); err == nil {
		t.Error("took what is no zip")
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{
		"x-open-data-projects.csv":  "name;price\nA;1\n",
		"x-open-data-results.csv":   "",
		"x-open-data-proposals.csv": "id;url;title/fi\n1;https://x.example/assemblies/a/f/1/proposals/1;A\n",
	} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	e, err := decidim.Read(bytes.NewReader(b.Bytes()), int64(b.Len()), decidim.Options{TimeZone: time.UTC})
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(told(e)), "\n")
	slices.Sort(lines)
	is(t, strings.Join(lines, "\n"), `
x-open-data-projects.csv:0 : there is no column id
x-open-data-proposals.csv:2 url: no address of a participatory process; left out`)
}
