package translation

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/sheet"
)

// The list of a language goes out as a sheet, source beside translation, is
// filled in, and comes back: a try tells row by row what it would change. A
// check value ties a row to its source and to the translation that it was made
// from, so that what either says meanwhile is not written over.

// columns are a sheet of translations; the paths are those of the contract.
// What only shows the source may be missing when it comes back.
var columns = []sheet.Field{
	{
		Path: "proposal",
		Name: domain.Text{Fi: "Ehdotuksen numero", Sv: "Förslagets nummer", En: "Number of the proposal"},
		Need: true,
	},
	{Path: "check", Name: domain.Text{Fi: "Tarkiste", Sv: "Kontrollvärde", En: "Check value"}, Need: true},
	{
		Path: "project",
		Name: domain.Text{Fi: "Numero äänestyslipulla", Sv: "Nummer på röstsedeln", En: "Number on the ballot"},
	},
	{
		Path: "status",
		Name: domain.Text{Fi: "Käännöksen tila", Sv: "Översättningens läge", En: "State of the translation"},
	},
	{Path: "source.language", Name: domain.Text{Fi: "Alkukieli", Sv: "Originalspråk", En: "Written in"}},
	{Path: "source.title", Name: domain.Text{Fi: "Otsikko, alkuteksti", Sv: "Rubrik, original", En: "Title, original"}},
	{
		Path: "words.title",
		Name: domain.Text{Fi: "Otsikko, käännös", Sv: "Rubrik, översättning", En: "Title, translation"},
		Need: true,
	},
	{Path: "source.what", Name: domain.Text{Fi: "Teksti, alkuteksti", Sv: "Text, original", En: "Text, original"}},
	{
		Path: "words.what",
		Name: domain.Text{Fi: "Teksti, käännös", Sv: "Text, översättning", En: "Text, translation"},
		Need: true,
	},
	{
		Path: "source.why",
		Name: domain.Text{Fi: "Perustelu, alkuteksti", Sv: "Motivering, original", En: "Reasons, original"},
	},
	{
		Path: "words.why",
		Name: domain.Text{Fi: "Perustelu, käännös", Sv: "Motivering, översättning", En: "Reasons, translation"},
		Need: true,
	},
	{Path: "source.place", Name: domain.Text{Fi: "Paikka, alkuteksti", Sv: "Plats, original", En: "Place, original"}},
	{
		Path: "words.place",
		Name: domain.Text{Fi: "Paikka, käännös", Sv: "Plats, översättning", En: "Place, translation"},
		Need: true,
	},
	{Path: "source.answer", Name: domain.Text{Fi: "Vastaus, alkuteksti", Sv: "Svar, original", En: "Answer, original"}},
	{
		Path: "answer",
		Name: domain.Text{Fi: "Vastaus, käännös", Sv: "Svar, översättning", En: "Answer, translation"},
		Need: true,
	},
}

var (
	statusNames = map[Status]domain.Text{
		Missing:  {Fi: "puuttuu", Sv: "saknas", En: "missing"},
		Partial:  {Fi: "osa puuttuu", Sv: "en del saknas", En: "partly missing"},
		Outdated: {Fi: "vanhentunut", Sv: "föråldrad", En: "out of date"},
		Done:     {Fi: "valmis", Sv: "klar", En: "done"},
	}
	limits = sheet.Limits{Rows: 2000, Columns: 40, Cell: 2 * proposal.MaxText}
)

// Sheet is the work list of the filter's language for a spreadsheet, with heads
// in the reader's language: whoever sees the list.
func (s *Service) Sheet(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	f Filter,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	rows, _, err := s.rows(ctx, actor, roundID, f)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{
		Name: domain.Text{Fi: "Käännökset", Sv: "Översättningar", En: "Translations"}.In(language),
		Head: make([]string, len(columns)),
	}
	for i, c := range columns {
		t.Head[i] = c.Name.In(language)
		if strings.Contains(c.Path, ".") && c.Path != "source.language" || strings.HasSuffix(c.Path, "answer") {
			t.Long = append(t.Long, i)
		}
	}
	for _, r := range rows {
		if r.Source == f.Language || !f.shows(r) {
			continue
		}
		t.Rows = append(t.Rows, sheet.Row{Cells: cells(roundID, r, f.Language, language)})
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, t)
	return file.Bytes(), err
}

func cells(roundID string, r Row, to, language domain.Language) []string {
	p, from, into := r.Proposal, r.Proposal.Listed(r.Source), r.Proposal.Listed(to)
	project := ""
	if p.Project != 0 {
		project = strconv.Itoa(p.Project)
	}
	st := r.in(to)
	return []string{
		strconv.FormatInt(p.ID, 10), checkValue(roundID, p, to), project,
		statusNames[st.Status].In(language), r.Source.Name().In(language),
		from.Title, into.Title, from.What, into.What, from.Why, into.Why, from.Place, into.Place,
		p.Answer.In(r.Source), p.Answer.Of(to),
	}
}

// checkValue ties a row to what it was made from.
func checkValue(roundID string, p proposal.Proposal, to domain.Language) string {
	w := p.Listed(to)
	return sheet.CheckValue(fmt.Appendf(
		nil, "osbu/translation/v1\x00%s\x00%d\x00%s\x00%s\x00%q\x00%q",
		roundID, p.ID, to, p.SourceDigest(), []string{w.Title, w.What, w.Why, w.Place},
		[]string{p.Answer.In(p.Source()), p.Answer.Of(to)},
	))
}

// RowStatus is what becomes of a row of a sheet.
type RowStatus string

// The statuses.
const (
	Changes   RowStatus = "change"    // is saved, or would be
	Unchanged RowStatus = "unchanged" // it says what is there, or nothing
	Erroneous RowStatus = "error"
)

// RowReport tells of one row.
type RowReport struct {
	Line     int
	Proposal int64
	Title    string // of the source
	Status   RowStatus
	Changed  []Part
	Faults   []sheet.Fault
}

// Report tells of all rows of a sheet, and whether they were saved; of the
// columns that were left alone, by their headings; and how a text file was
// written.
type Report struct {
	Rows     []RowReport
	Done     bool
	Ignored  []string
	Encoding sheet.Encoding
}

// Import reads a filled-in sheet of a language and tells row by row what it
// would change; with confirm it saves all of that, or nothing if a row is
// faulty. A row that is left empty changes nothing. Rows are saved one by one:
// the same sheet again finishes what was interrupted.
func (s *Service) Import(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	to domain.Language,
	file []byte,
	confirm bool,
) (Report, error) {
	known := map[int64]proposal.Proposal{}
	for _, subject := range []Subject{OfBallot, OfRejected} {
		rows, _, err := s.rows(ctx, actor, roundID, Filter{Subject: subject})
		if err != nil {
			return Report{}, err
		}
		for _, r := range rows {
			known[r.Proposal.ID] = r.Proposal
		}
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return Report{}, err
	}
	if !r.TakesVetting() {
		return Report{}, domain.Fail(
			domain.Closed, domain.CodePhase, "nothing of %s is translated in phase %s", r.ID, r.Phase,
		)
	}
	t, err := sheet.Read(file, limits, columns...)
	if err != nil {
		return Report{}, err
	}
	report := Report{Rows: make([]RowReport, len(t.Rows)), Ignored: t.Ignored, Encoding: t.Encoding}
	said := make([]proposal.Translation, len(t.Rows))
	seen := map[int64]int{}
	faulty := false
	for i, row := range t.Rows {
		report.Rows[i], said[i] = examine(t, row, r.ID, to, known, seen)
		faulty = faulty || report.Rows[i].Status == Erroneous
	}
	if !confirm || faulty {
		return report, nil
	}
	for i, row := range report.Rows {
		if row.Status != Changes {
			continue
		}
		if _, err := s.c.Translate(
			ctx, actor, roundID, row.Proposal, known[row.Proposal].Version, said[i],
		); err != nil {
			return report, err
		}
	}
	report.Done = true
	return report, nil
}

// examine reads a row against what is there.
func examine(
	t sheet.Table,
	row sheet.Row,
	roundID string,
	to domain.Language,
	known map[int64]proposal.Proposal,
	seen map[int64]int,
) (RowReport, proposal.Translation) {
	cell := func(path string) string { return strings.TrimSpace(t.Cell(row, path)) }
	one := RowReport{Line: row.Line, Changed: []Part{}}
	var problems domain.Problems
	said := proposal.Translation{Language: to, Answer: cell("answer"), Words: proposal.Words{
		Title: cell("words.title"), What: cell("words.what"), Why: cell("words.why"), Place: cell("words.place"),
	}}
	id, whole := sheet.Whole(cell("proposal"))
	p, there := known[id]
	first, twice := seen[id]
	switch {
	case !whole || id < 1:
		problems.Add("proposal", "bad_format", "123")
	case !there:
		problems.Add("proposal", "unknown", "")
	case twice:
		problems.Add("proposal", "duplicate", strconv.Itoa(first))
	case p.Source() == to:
		problems.Add("source.language", "not_allowed", "")
	case said.Words == (proposal.Words{}) && said.Answer == "":
		one.Status = Unchanged
	default:
		said = said.Clean(p, &problems)
		one.Changed = changed(p, said)
		switch {
		case len(problems) > 0:
		case !p.ChangedBy(said):
			one.Status = Unchanged
		case cell("check") != checkValue(roundID, p, to):
			problems.Add("check", "changed", "")
		default:
			one.Status = Changes
		}
	}
	if there {
		seen[id] = row.Line
		one.Proposal, one.Title = p.ID, p.Listed(p.Source()).Title
	}
	if len(problems) > 0 {
		one.Status, one.Changed = Erroneous, []Part{}
		one.Faults = t.Faults(row, problems, nil)
	}
	return one, said
}

// changed are the parts that a clean translation says otherwise.
func changed(p proposal.Proposal, t proposal.Translation) []Part {
	is, parts := p.Listed(t.Language), []Part{}
	for _, part := range []struct {
		name    Part
		is, now string
	}{
		{Title, is.Title, t.Words.Title},
		{What, is.What, t.Words.What},
		{Why, is.Why, t.Words.Why},
		{Place, is.Place, t.Words.Place},
		{Answer, p.Answer.Of(t.Language), t.Answer},
	} {
		if part.is != part.now {
			parts = append(parts, part.name)
		}
	}
	return parts
}
