package desk

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// Bounds of an export: rows in all, and read at once.
const (
	mostExported = 20_000
	exportPage   = 500
)

// Export is the queue as a list shows it, all its pages, for a spreadsheet:
// whoever may see the queue.
func (s *Service) Export(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	list proposal.List,
	takenByMe bool,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	if !actor.Staff() {
		return nil, actor.Need(domain.Facilitator)
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	d, _, err := s.Get(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{Name: domain.Text{Fi: "Ehdotukset", Sv: "Förslag", En: "Proposals"}.In(language)}
	for i, c := range exported {
		t.Head = append(t.Head, c.name.In(language))
		if c.long {
			t.Long = append(t.Long, i)
		}
	}
	list.Offset, list.Limit = 0, exportPage
	for len(t.Rows) < mostExported {
		page, err := s.Queue(ctx, actor, roundID, list, takenByMe)
		if err != nil {
			return nil, err
		}
		for _, v := range page.Proposals {
			of := line{v, r.Round, d, s.c.TimeZone, language}
			cells := make([]string, len(exported))
			for i, c := range exported {
				cells[i] = c.cell(of)
			}
			t.Rows = append(t.Rows, sheet.Row{Cells: cells})
		}
		if page.Next == 0 {
			break
		}
		list.Offset = int(page.Next)
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, t)
	return file.Bytes(), err
}

// line is what a row is written from.
type line struct {
	proposal.View

	round    round.Round
	desk     Desk
	zone     *time.Location
	language domain.Language
}

func (l line) day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(l.zone).Format(time.DateOnly)
}

// euros are a whole sum, or one with cents as the language writes them; "" is
// none.
func (l line) euros(cost *proposal.Cost, of func(proposal.Cost) domain.Cents) string {
	if cost == nil {
		return ""
	}
	cents := int64(of(*cost))
	if cents%100 == 0 {
		return strconv.FormatInt(cents/100, 10)
	}
	return sheet.Decimal(strconv.FormatFloat(float64(cents)/100, 'f', 2, 64), l.language)
}

// judged is the cost that was decided on, or else the estimate's.
func (l line) judged() *proposal.Cost {
	if l.Cost != nil {
		return l.Cost
	}
	if l.Estimate != nil {
		return l.Estimate.Cost
	}
	return nil
}

// exported are the columns of an export.
var exported = []struct {
	name domain.Text
	long bool
	cell func(line) string
}{
	{domain.Text{Fi: "Numero", Sv: "Nummer", En: "Number"}, false, func(l line) string {
		return strconv.FormatInt(l.ID, 10)
	}},
	{domain.Text{Fi: "Ehdotus", Sv: "Förslag", En: "Proposal"}, true, func(l line) string { return l.Text.Title }},
	{domain.Text{Fi: "Ehdotus ruotsiksi", Sv: "Förslag på svenska", En: "Proposal in Swedish"}, true, func(l line) string {
		return l.Swedish.Title
	}},
	{domain.Text{Fi: "Alue", Sv: "Område", En: "Area"}, false, func(l line) string {
		i := slices.IndexFunc(l.round.Settings.Areas, func(a round.Area) bool { return a.ID == l.Text.Area })
		if i < 0 {
			return ""
		}
		return l.round.Settings.Areas[i].Name.In(l.language)
	}},
	{domain.Text{Fi: "Teema", Sv: "Tema", En: "Theme"}, false, func(l line) string {
		i := slices.IndexFunc(l.round.Settings.Themes, func(t round.Theme) bool { return t.ID == l.Text.Theme })
		if i < 0 {
			return ""
		}
		return l.round.Settings.Themes[i].Name.In(l.language)
	}},
	{domain.Text{Fi: "Tila", Sv: "Läge", En: "Status"}, false, func(l line) string {
		return states[l.State].In(l.language)
	}},
	{domain.Text{Fi: "Lähetetty", Sv: "Inlämnat", En: "Submitted"}, false, func(l line) string {
		return l.day(l.SubmittedAt)
	}},
	{domain.Text{Fi: "Ehdottaja", Sv: "Förslagsställare", En: "Author"}, false, func(l line) string {
		return l.Author.Name
	}},
	{domain.Text{Fi: "Käsittelijä", Sv: "Handläggare", En: "Handler"}, false, func(l line) string {
		return l.Facilitator.Name
	}},
	{domain.Text{Fi: "Vastaus viimeistään", Sv: "Svar senast", En: "Answer by"}, false, func(l line) string {
		if l.State != proposal.NeedsInformation {
			return ""
		}
		return l.day(l.AnswerBy)
	}},
	{domain.Text{Fi: "Toimiala", Sv: "Sektor", En: "Division"}, false, func(l line) string {
		i := slices.IndexFunc(l.desk.Divisions, func(d Division) bool { return d.ID == l.Division })
		if i < 0 {
			return ""
		}
		return l.desk.Divisions[i].Name.In(l.language)
	}},
	{domain.Text{Fi: "Arvio viimeistään", Sv: "Bedömning senast", En: "Estimate by"}, false, func(l line) string {
		if l.Estimation != proposal.Waiting {
			return ""
		}
		return l.day(l.EstimateBy)
	}},
	{domain.Text{Fi: "Voiko toteuttaa", Sv: "Kan det genomföras", En: "Feasible"}, false, func(l line) string {
		if l.Estimate == nil {
			return ""
		}
		return feasibilities[l.Estimate.Feasibility].In(l.language)
	}},
	{domain.Text{Fi: "Vähintään, euroa", Sv: "Minst, euro", En: "Minimum, euros"}, false, func(l line) string {
		return l.euros(l.judged(), func(c proposal.Cost) domain.Cents { return c.Minimum })
	}},
	{domain.Text{Fi: "Enintään, euroa", Sv: "Högst, euro", En: "Maximum, euros"}, false, func(l line) string {
		return l.euros(l.judged(), func(c proposal.Cost) domain.Cents { return c.Maximum })
	}},
	{
		domain.Text{Fi: "Ylläpito vuodessa, euroa", Sv: "Underhåll per år, euro", En: "Maintenance a year, euros"},
		false,
		func(l line) string {
			return l.euros(l.judged(), func(c proposal.Cost) domain.Cents { return c.Maintenance })
		},
	},
	{domain.Text{Fi: "Tarkistettu", Sv: "Kontrollerat", En: "Checked"}, false, func(l line) string {
		return strconv.Itoa(l.Checks)
	}},
	{
		domain.Text{Fi: "Numero äänestyslipulla", Sv: "Nummer på röstsedeln", En: "Number on the ballot"},
		false,
		func(l line) string {
			if l.Project == 0 {
				return ""
			}
			return strconv.Itoa(l.Project)
		},
	},
	{domain.Text{Fi: "Perustelu", Sv: "Motivering", En: "Reasons"}, true, func(l line) string {
		return l.Answer.In(l.language)
	}},
}

var feasibilities = map[proposal.Feasibility]domain.Text{
	proposal.Feasible: {Fi: "Voi toteuttaa", Sv: "Kan genomföras", En: "Can be carried out"},
	proposal.WithChanges: {
		Fi: "Voi toteuttaa muutettuna", Sv: "Kan genomföras med ändringar", En: "Can be carried out with changes",
	},
	proposal.Infeasible: {Fi: "Ei voi toteuttaa", Sv: "Kan inte genomföras", En: "Cannot be carried out"},
}

// states are how the pages call a proposal's states.
var states = map[proposal.State]domain.Text{
	proposal.Submitted:        {Fi: "Lähetetty", Sv: "Inlämnat", En: "Submitted"},
	proposal.InEvaluation:     {Fi: "Arvioitavana", Sv: "Bedöms", En: "Being vetted"},
	proposal.NeedsInformation: {Fi: "Odottaa lisätietoja", Sv: "Väntar på mer uppgifter", En: "Needs information"},
	proposal.Accepted:         {Fi: "Hyväksytty", Sv: "Godkänt", En: "Accepted"},
	proposal.Rejected:         {Fi: "Hylätty", Sv: "Avslaget", En: "Rejected"},
	proposal.Appealed:         {Fi: "Uutta päätöstä pyydetty", Sv: "Nytt beslut begärt", En: "New decision requested"},
	proposal.OnBallot:         {Fi: "Äänestettävänä", Sv: "På röstsedeln", En: "On the ballot"},
	proposal.Selected:         {Fi: "Toteutetaan", Sv: "Genomförs", En: "Will be built"},
	proposal.NotSelected:      {Fi: "Ei toteuteta", Sv: "Genomförs inte", En: "Not funded"},
	proposal.Merged:           {Fi: "Yhdistetty", Sv: "Sammanslaget", En: "Merged"},
	proposal.Split:            {Fi: "Jaettu", Sv: "Uppdelat", En: "Split"},
	proposal.Withdrawn:        {Fi: "Peruttu", Sv: "Återtaget", En: "Withdrawn"},
}
