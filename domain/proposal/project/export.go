package project

import (
	"bytes"
	"context"
	"strconv"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// ExportBallot is the ballot by number for a spreadsheet, in every language
// that it will be read in (officials).
func (s *Service) ExportBallot(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	projects, _, err := s.Ballot(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, table(r.Settings, projects, language))
	return file.Bytes(), err
}

func table(settings round.Settings, projects []Project, language domain.Language) sheet.Table {
	themes := map[string]domain.Text{}
	for _, t := range settings.Themes {
		themes[t.ID] = t.Name
	}
	t := sheet.Table{
		Name:   domain.Text{Fi: "Hankkeet", Sv: "Projekt", En: "Projects"}.In(language),
		Counts: []int{0, 1},
	}
	add := func(long bool, names ...domain.Text) {
		for _, name := range names {
			if long {
				t.Long = append(t.Long, len(t.Head))
			}
			t.Head = append(t.Head, name.In(language))
		}
	}
	add(false,
		domain.Text{Fi: "Numero", Sv: "Nummer", En: "Number"},
		domain.Text{Fi: "Ehdotuksen numero", Sv: "Förslagets nummer", En: "Proposal number"},
		domain.Text{Fi: "Alue", Sv: "Område", En: "Area"},
		domain.Text{Fi: "Teema", Sv: "Tema", En: "Theme"})
	add(true, inEach(domain.Text{Fi: "Otsikko", Sv: "Rubrik", En: "Title"})...)
	add(true, inEach(domain.Text{Fi: "Kuvaus", Sv: "Beskrivning", En: "Description"})...)
	add(true, inEach(domain.Text{Fi: "Paikka", Sv: "Plats", En: "Place"})...)
	add(false,
		domain.Text{Fi: "Vähintään, euroa", Sv: "Minst, euro", En: "Minimum, euros"},
		domain.Text{Fi: "Enintään, euroa", Sv: "Högst, euro", En: "Maximum, euros"},
		domain.Text{Fi: "Ylläpito vuodessa, euroa", Sv: "Underhåll per år, euro", En: "Maintenance a year, euros"},
		domain.Text{Fi: "Varattava summa, euroa", Sv: "Belopp som reserveras, euro", En: "Reserved cost, euros"},
		domain.Text{Fi: "Peruttu", Sv: "Återtaget", En: "Withdrawn"})
	euros := func(c domain.Cents) string { return sheet.Decimal(c.String(), language) }
	for _, p := range projects {
		area, _ := settings.Area(p.Area)
		withdrawn := ""
		if p.Withdrawn {
			withdrawn = domain.Text{Fi: "kyllä", Sv: "ja", En: "yes"}.In(language)
		}
		cells := []string{
			strconv.Itoa(p.Number), strconv.FormatInt(p.Proposal, 10),
			area.Name.In(language), themes[p.Theme].In(language),
		}
		for _, text := range []domain.Text{p.Title, p.Description, p.Place} {
			for _, l := range proposal.Languages {
				cells = append(cells, text.Of(l)) // what is missing shows as missing
			}
		}
		t.Rows = append(t.Rows, sheet.Row{Cells: append(cells,
			euros(p.Cost.Minimum), euros(p.Cost.Maximum), euros(p.Cost.Maintenance), euros(p.Reserved), withdrawn)})
	}
	return t
}

// inEach is a heading for each language of the ballot.
func inEach(name domain.Text) []domain.Text {
	heads := make([]domain.Text, len(proposal.Languages))
	for i, l := range proposal.Languages {
		in := l.Name()
		heads[i] = domain.Text{Fi: name.Fi + ", " + in.Fi, Sv: name.Sv + ", " + in.Sv, En: name.En + ", " + in.En}
	}
	return heads
}
