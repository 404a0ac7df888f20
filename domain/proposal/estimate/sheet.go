package estimate

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
	"osbu/domain/sheet"
)

// A division's queue goes out as a sheet, is filled in, and comes back: Examine
// tells row by row what that would change, and Estimate does it. A row knows
// its proposal and the number of the estimate that it was made from; a check
// value ties these to the title, so that a part of the columns sorted alone is
// found.

// estimateColumns are a sheet of estimates; the paths are those of the
// contract. A sheet may come back without what only shows what a row is about,
// but for the title, which the check value covers.
var estimateColumns = []sheet.Field{
	{
		Path: "proposal",
		Name: domain.Text{Fi: "Ehdotuksen numero", Sv: "Förslagets nummer", En: "Number of the proposal"},
		Need: true,
	},
	{
		Path: "number",
		Name: domain.Text{Fi: "Arvion versio", Sv: "Bedömningens version", En: "Version of the estimate"},
		Need: true,
	},
	{Path: "check", Name: domain.Text{Fi: "Tarkiste", Sv: "Kontrollvärde", En: "Check value"}, Need: true},
	{Path: "title", Name: domain.Text{Fi: "Otsikko", Sv: "Rubrik", En: "Title"}, Need: true},
	{Path: "what", Name: domain.Text{Fi: "Mitä ehdotetaan", Sv: "Vad föreslås", En: "What is proposed"}},
	{Path: "place", Name: domain.Text{Fi: "Paikka", Sv: "Plats", En: "Place"}},
	{Path: "competence", Name: domain.Text{Fi: "Kenen tehtävä", Sv: "Vems uppgift", En: "Whose task"}, Need: true},
	{
		Path: "forward",
		Name: domain.Text{Fi: "Siirretään toimialalle", Sv: "Överförs till sektorn", En: "Forwarded to the division"},
		Need: true,
	},
	{Path: "feasibility", Name: domain.Text{Fi: "Toteutettavuus", Sv: "Genomförbarhet", En: "Feasibility"}, Need: true},
	{Path: "class", Name: domain.Text{Fi: "Kustannusluokka", Sv: "Kostnadsklass", En: "Cost class"}, Need: true},
	{
		Path: "cost.minimum",
		Name: domain.Text{Fi: "Vähintään, euroa", Sv: "Minst, euro", En: "At least, euros"},
		Need: true,
	},
	{
		Path: "cost.maximum",
		Name: domain.Text{Fi: "Enintään, euroa", Sv: "Högst, euro", En: "At most, euros"},
		Need: true,
	},
	{
		Path: "cost.maintenance",
		Name: domain.Text{
			Fi: "Ylläpito vuodessa, euroa",
			Sv: "Underhåll per år, euro",
			En: "Maintenance a year, euros",
		},
		Need: true,
	},
	{
		Path: "reasons.fi",
		Name: domain.Text{Fi: "Perustelu suomeksi", Sv: "Motivering på finska", En: "Reasons in Finnish"},
		Need: true,
	},
	{
		Path: "reasons.sv",
		Name: domain.Text{Fi: "Perustelu ruotsiksi", Sv: "Motivering på svenska", En: "Reasons in Swedish"},
		Need: true,
	},
	{
		Path: "reasons.en",
		Name: domain.Text{Fi: "Perustelu englanniksi", Sv: "Motivering på engelska", En: "Reasons in English"},
		Need: true,
	},
	{
		Path: "note",
		Name: domain.Text{Fi: "Huomautus kollegoille", Sv: "Anmärkning till kolleger", En: "Note for colleagues"},
		Need: true,
	},
	{Path: "published", Name: domain.Text{Fi: "Julkaistaan", Sv: "Publiceras", En: "Published"}, Need: true},
}

var options = map[string][]sheet.Option{
	"competence": {
		{ID: string(proposal.Citys), Name: domain.Text{Fi: "kaupungin", Sv: "stadens", En: "the city’s"}},
		{ID: string(proposal.NotOurs), Name: domain.Text{Fi: "ei kaupungin", Sv: "inte stadens", En: "not the city’s"}},
		{
			ID:   string(proposal.Forward),
			Name: domain.Text{Fi: "toisen toimialan", Sv: "en annan sektors", En: "another division’s"},
		},
	},
	"feasibility": {
		{ID: string(proposal.Feasible), Name: domain.Text{Fi: "toteutettavissa", Sv: "genomförbart", En: "feasible"}},
		{
			ID: string(proposal.WithChanges),
			Name: domain.Text{
				Fi: "toteutettavissa muutettuna",
				Sv: "genomförbart med ändringar",
				En: "feasible with changes",
			},
		},
		{
			ID:   string(proposal.Infeasible),
			Name: domain.Text{Fi: "ei toteutettavissa", Sv: "inte genomförbart", En: "not feasible"},
		},
	},
	"published": {
		{ID: "yes", Name: domain.Text{Fi: "kyllä", Sv: "ja", En: "yes"}},
		{ID: "no", Name: domain.Text{Fi: "ei", Sv: "nej", En: "no"}},
	},
}

// optionsOf adds the round's divisions and the classes.
func optionsOf(d desk.Desk) map[string][]sheet.Option {
	all := map[string][]sheet.Option{}
	for path, some := range options {
		all[path] = some
	}
	for _, one := range d.Divisions {
		all["forward"] = append(all["forward"], sheet.Option{ID: one.ID, Name: one.Name})
	}
	for _, c := range Classes() {
		all["class"] = append(all["class"], sheet.Option{ID: c.ID, Name: c.name()})
	}
	return all
}

// name is the class with its euros, so that nobody has to know them by heart.
// Its letter alone is read, too.
func (c Class) name() domain.Text {
	local := fmt.Sprintf("%s: %s–%s €", c.ID, thousands(c.Minimum, "\u00a0"), thousands(c.Maximum, "\u00a0"))
	return domain.Text{
		Fi: local,
		Sv: local,
		En: fmt.Sprintf("%s: €%s–€%s", c.ID, thousands(c.Minimum, ","), thousands(c.Maximum, ",")),
	}
}

// thousands are whole euros in groups of three digits.
func thousands(c domain.Cents, separator string) string {
	digits := euros(c)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + separator + digits[at:]
	}
	return digits
}

var sheetLimits = sheet.Limits{Rows: mostEstimates, Columns: 40, Cell: 2 * maxReasons}

// Sheet is the division's queue for a spreadsheet, the oldest first (its
// experts): at most mostEstimates rows.
func (s *Service) Sheet(
	ctx context.Context,
	actor domain.Actor,
	roundID, division string,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	d, err := s.expertsDesk(ctx, actor, roundID, division)
	if err != nil {
		return nil, err
	}
	found, _, err := s.c.Access.Store.Proposals(
		ctx,
		roundID,
		proposal.List{Divisions: []string{division}, States: proposal.Undecided, Ascending: true, Limit: mostEstimates},
	)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, len(found))
	for i, p := range found {
		ids[i] = p.ID
	}
	current, err := s.c.Current.Current(ctx, false, ids...)
	if err != nil {
		return nil, err
	}
	all := optionsOf(d)
	t := sheet.Table{
		Name: domain.Text{Fi: "Arviot", Sv: "Bedömningar", En: "Estimates"}.In(language),
		Head: make([]string, len(estimateColumns)),
	}
	beside := sheet.Table{Name: domain.Text{Fi: "Vaihtoehdot", Sv: "Alternativ", En: "Choices"}.In(language)}
	for i, h := range estimateColumns {
		t.Head[i] = h.Name.In(language)
		if slices.Contains([]string{"title", "what", "reasons.fi", "reasons.sv", "reasons.en", "note"}, h.Path) {
			t.Long = append(t.Long, i)
		}
		for j, o := range all[h.Path] {
			if j == 0 {
				beside.Head = append(beside.Head, t.Head[i])
			}
			for len(beside.Rows) <= j {
				beside.Rows = append(beside.Rows, sheet.Row{})
			}
			for len(beside.Rows[j].Cells) < len(beside.Head)-1 {
				beside.Rows[j].Cells = append(beside.Rows[j].Cells, "")
			}
			beside.Rows[j].Cells = append(beside.Rows[j].Cells, o.Name.In(language))
		}
	}
	for _, p := range found {
		var j proposal.Judgement
		if e, ok := current[p.ID]; ok {
			j = shownTo(e, division)
		}
		t.Rows = append(t.Rows, sheet.Row{Cells: cellsOf(roundID, division, p, j, all, language)})
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, t, beside)
	return file.Bytes(), err
}

// shownTo is what a division's sheet shows of the latest estimate: nothing of
// another division's, nor of its own forwarding if the proposal came back.
func shownTo(e proposal.Estimate, division string) proposal.Judgement {
	if e.Division != division || e.Competence == proposal.Forward {
		return proposal.Judgement{}
	}
	return e.Judgement
}

func cellsOf(
	roundID, division string,
	p proposal.Proposal,
	j proposal.Judgement,
	all map[string][]sheet.Option,
	language domain.Language,
) []string {
	name := func(path, id string) string {
		for _, o := range all[path] {
			if o.ID == id {
				return o.Name.In(language)
			}
		}
		return id
	}
	published := ""
	if j.Competence != "" {
		published = name("published", map[bool]string{true: "yes", false: "no"}[j.Published])
	}
	minimum, maximum, maintenance := "", "", ""
	if j.Cost != nil {
		maintenance = euros(j.Cost.Maintenance)
		if j.Class == "" {
			minimum, maximum = euros(j.Cost.Minimum), euros(j.Cost.Maximum)
		}
	}
	return []string{
		strconv.FormatInt(p.ID, 10),
		strconv.Itoa(p.Estimates),
		checkValue(roundID, division, p.ID, p.Estimates, p.Text.Title),
		p.Text.Title, p.Text.What, p.Text.Place,
		name("competence", string(j.Competence)),
		name("forward", j.Forward),
		name("feasibility", string(j.Feasibility)),
		name("class", j.Class), minimum, maximum, maintenance,
		j.Reasons.Fi, j.Reasons.Sv, j.Reasons.En,
		j.Note,
		published,
	}
}

func euros(c domain.Cents) string { return strconv.FormatInt(int64(c)/100, 10) }

// checkValue ties a row to its estimate and title; what a sheet may change is
// checked again.
func checkValue(roundID, division string, id int64, number int, title string) string {
	return sheet.CheckValue(fmt.Appendf(
		nil, "osbu/sheet/v1\x00%s\x00%s\x00%d\x00%d\x00%s",
		roundID, division, id, number, strings.Join(strings.Fields(title), " "),
	))
}
