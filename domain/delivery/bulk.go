package delivery

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
	"osbu/domain/round"
	"osbu/domain/sheet"
)

// A sheet says how many projects are going: one that was written here and
// filled in, or the programming tool's export. It is tried first, which tells
// row by row what it would change, and then taken as it was shown: all of it or
// nothing. What a sheet does not say stays, so that the same one changes
// nothing when it comes again.

// CodeShown: what the sheet would do now is not what was shown.
const CodeShown domain.Code = "import_changed"

// Bulk keeps what a sheet says.
type Bulk interface {
	// ChangeDeliveries calls change with the round, the database's clock and the
	// round's deliveries, by number and site, and stores what it makes of them:
	// each as the next report, with what was paid booked from what is committed
	// and reserved. It also gets what other rounds have paid for projects of the
	// programming tool, by its ids: nothing to or of a rehearsal. The deliveries
	// and the round's accounts are locked, and one sheet is taken after the other,
	// of whatever rounds; all in one transaction. change may be called again.
	// NotFound if there is no such round.
	ChangeDeliveries(
		ctx context.Context,
		round string,
		account int64,
		change func(round.At, []Held, map[string]domain.Cents) ([]Taken, *round.Entry, error),
	) error
}

// Held is a delivery with its money: of a project as a whole, what was paid for
// it, and what may be.
type Held struct {
	Delivery
	Paid, Left domain.Cents
}

// Taken is what a row makes of a delivery.
type Taken struct {
	Before  Delivery
	After   Delivery
	Reports bool         // After is its next report; otherwise its External alone changed, if that
	Pay     domain.Cents // more than before
}

// RowStatus is what becomes of a row.
type RowStatus string

// The statuses.
const (
	RowChanges   RowStatus = "change"
	RowSame      RowStatus = "unchanged"
	RowUnmatched RowStatus = "unmatched" // the tool's project is none that is delivered in the round
	RowFaulty    RowStatus = "error"
)

// Row is a row of the sheet and what it says.
type Row struct {
	Line     int
	Status   RowStatus
	External string
	Number   int // of the project; 0: none was found
	Site     int
	Title    domain.Text
	Facts    []Fact
	Faults   []sheet.Fault
}

// Fact is something that the row changes; What is a column's path. Days are
// 2027-05-31, amounts cents.
type Fact struct{ What, Before, After string }

// Sheet is what a sheet would do, or did.
type Sheet struct {
	Rows     []Row
	Ignored  []string
	Encoding sheet.Encoding
	Digest   string // of what the rows do
	Done     bool
}

// Import tells what a sheet would do to a round's deliveries, and does it if
// shown is the digest of what it told before (officials).
func (s *Service) Import(
	ctx context.Context, actor domain.Actor, roundID string, file []byte, shown string,
) (Sheet, error) {
	if err := actor.Need(domain.Official); err != nil {
		return Sheet{}, err
	}
	table, err := sheet.Read(file, sheet.Limits{}, columns()...)
	if err != nil {
		return Sheet{}, err
	}
	if !table.Has(colProject) && !table.Has(colExternal) {
		return Sheet{}, domain.Problems{{
			Path: "columns." + colProject, Code: "required", Name: columns()[0].Name.In(table.Language),
		}}.Err()
	}
	var made Sheet
	err = s.c.Bulk.ChangeDeliveries(ctx, roundID, actor.ID, func(
		r round.At, held []Held, others map[string]domain.Cents,
	) ([]Taken, *round.Entry, error) {
		made = Sheet{Ignored: table.Ignored, Encoding: table.Encoding}
		if r.Phase != round.Delivering {
			return nil, nil, domain.Fail(domain.Closed, domain.CodePhase, "round %s delivers nothing now", r.ID)
		}
		x := reader{table: table, held: held, others: others, today: s.day(r.Now), now: r.Now, seen: map[[2]int]int{}}
		var taken []Taken
		faulty := 0
		for _, row := range table.Rows {
			one, t := x.read(row)
			made.Rows = append(made.Rows, one)
			if t != nil && one.Status == RowChanges {
				taken = append(taken, *t)
			}
			if one.Status == RowFaulty {
				faulty++
			}
		}
		sum := sha256.Sum256(fmt.Appendf(nil, "%+v", made.Rows))
		made.Digest = hex.EncodeToString(sum[:])
		switch {
		case shown == "" || len(taken) == 0 && faulty == 0 && shown == made.Digest:
			return nil, nil, nil
		case shown != made.Digest:
			return nil, nil, domain.Fail(domain.Conflict, CodeShown, "the sheet would not do now what was shown")
		case faulty > 0:
			return nil, nil, domain.Fail(domain.Invalid, domain.CodeInvalid, "%d rows have faults: nothing is changed", faulty)
		}
		made.Done = true
		file := sha256.Sum256(file)
		return taken, round.NewEntry(r.Round, actor, "import_deliveries", "", map[string]any{
			"sha256": hex.EncodeToString(file[:]), "rows": len(made.Rows), "changed": len(taken),
		}), nil
	})
	return made, err
}

// reader reads one row after the other.
type reader struct {
	table sheet.Table
	held  []Held
	today string
	now   time.Time
	seen  map[[2]int]int // the line by project and site

	others map[string]domain.Cents // paid by other rounds, by the tool's id
}

func (x *reader) cell(row sheet.Row, path string) string {
	return strings.TrimSpace(x.table.Cell(row, path))
}

// read tells what a row says of which delivery.
func (x *reader) read(row sheet.Row) (Row, *Taken) {
	one := Row{Line: row.Line, Status: RowSame, External: x.cell(row, colExternal)}
	var problems domain.Problems
	held := x.match(row, &one, &problems)
	if held == nil {
		if one.Status != RowUnmatched {
			one.Status = RowFaulty
		}
		one.Faults = x.table.Faults(row, problems, nil)
		return one, nil
	}
	one.Number, one.Site, one.Title = held.Project.Number, held.Site, held.Project.Title
	t := Taken{Before: held.Delivery, After: held.Delivery}
	report := held.Report
	report.News, report.Dates = domain.Text{}, nil
	report.Phase = x.phase(row, held.Phase, &problems)
	paths := x.dates(row, held.Dates, &report, &problems)
	var wrong domain.Problems
	report = report.clean(held.Report, x.today, &wrong)
	// No sheet says these.
	report.Standing, report.Reason, report.Contact = held.Standing, held.Reason, held.Contact
	report.Difference, report.Documents = held.Difference, held.Documents
	for _, w := range wrong {
		if !strings.HasPrefix(w.Path, "dates[") {
			continue
		}
		for i, path := range paths {
			for kind, column := range path {
				if w.Path == fmt.Sprintf("dates[%d].%s", i, kind) {
					w.Path = column
				}
			}
		}
		problems = append(problems, w)
	}
	t.After.Report = report
	if one.External != "" {
		t.After.External = one.External
	}
	paid := held.Paid + x.others[t.After.External]
	t.Pay = x.pay(row, *held, paid, &problems)
	if problems.Err() != nil {
		one.Status, one.Faults = RowFaulty, x.table.Faults(row, problems, phaseOptions())
		return one, nil
	}
	one.Facts = facts(t, paid)
	t.Reports = slices.ContainsFunc(one.Facts, func(f Fact) bool { return f.What != colPaid && f.What != colExternal })
	if t.Reports {
		t.After.Version, t.After.UpdatedAt = held.Version+1, x.now
	}
	if len(one.Facts) > 0 {
		one.Status = RowChanges
	}
	return one, &t
}

// match finds the delivery that a row is about: by the project's number, or by
// the tool's id.
func (x *reader) match(row sheet.Row, one *Row, problems *domain.Problems) *Held {
	number, site := x.cell(row, colProject), x.cell(row, colSite)
	find := func(is func(Held) bool) *Held {
		if i := slices.IndexFunc(x.held, is); i >= 0 {
			return &x.held[i]
		}
		return nil
	}
	var found *Held
	switch {
	case number == "" && one.External == "":
		problems.Add(colProject, "required", "")
		return nil
	case number == "":
		if found = find(func(h Held) bool { return h.External == one.External }); found == nil {
			one.Status = RowUnmatched
			problems.Add(colExternal, "unknown", "")
			return nil
		}
	default:
		n, ok := sheet.Whole(number)
		m, also := sheet.Whole(orZero(site))
		switch {
		case !ok:
			problems.Add(colProject, "bad_format", "12")
			return nil
		case !also:
			problems.Add(colSite, "bad_format", "1")
			return nil
		}
		one.Number, one.Site = int(n), int(m)
		found = find(func(h Held) bool { return int64(h.Project.Number) == n && int64(h.Site) == m })
		if found == nil {
			problems.Add(colProject, "unknown", "")
			return nil
		}
		other := find(func(h Held) bool { return one.External != "" && h.External == one.External })
		if other != nil && other != found {
			problems.Add(colExternal, "duplicate", "")
			return nil
		}
	}
	key := [2]int{found.Project.Number, found.Site}
	if first, twice := x.seen[key]; twice {
		path := colProject
		if number == "" {
			path = colExternal
		}
		problems.Add(path, "duplicate", strconv.Itoa(first))
		return nil
	}
	x.seen[key] = row.Line
	return found
}

func orZero(cell string) string {
	if cell == "" {
		return "0"
	}
	return cell
}

// phase is what the row says, or as it is. Finished, as the tool has it, does
// not end a warranty.
func (x *reader) phase(row sheet.Row, now Phase, problems *domain.Problems) Phase {
	said := sheet.Choose(problems, colPhase, phaseOptions()[colPhase], x.cell(row, colPhase))
	tool, its := toolPhases[said]
	switch {
	case said == "" || its && tool.ours == "" || its && tool.ours == Done && now.Reached(Done):
		return now
	case its:
		return tool.ours
	}
	return Phase(said)
}

// dates adds those that the row says to the report, and tells by which columns.
// An empty cell takes no day back.
func (x *reader) dates(
	row sheet.Row, before []Date, report *Report, problems *domain.Problems,
) (paths []map[string]string) {
	for _, p := range Phases {
		d := Date{Phase: p}
		if i := slices.IndexFunc(before, func(d Date) bool { return d.Phase == p }); i >= 0 {
			d = before[i]
		}
		was := d
		at := map[string]string{"promised": "promised." + string(p), "actual": "actual." + string(p)}
		for kind, to := range map[string]*string{"promised": &d.Promised, "actual": &d.Actual} {
			cell := x.cell(row, at[kind])
			if cell == "" {
				continue
			}
			day, ok := x.table.Day(cell)
			if !ok {
				problems.Add(at[kind], "bad_format", "31.12.2027")
				continue
			}
			*to = day.Format(time.DateOnly)
		}
		if d != was {
			report.Dates = append(report.Dates, d)
			paths = append(paths, at)
		}
	}
	return paths
}

// pay is what was paid more than the accounts know. What was paid by them
// stays: an entry is taken back by its reversal alone, and no sheet does that.
// Two rounds may pay for what is one project to the programming tool, whose
// cost is that of the whole: what the others have paid is not paid again by
// this one.
func (x *reader) pay(row sheet.Row, held Held, before domain.Cents, problems *domain.Problems) domain.Cents {
	cell := x.cell(row, colPaid)
	if cell == "" {
		return 0
	}
	paid, ok := sheet.Cents(cell)
	switch {
	case !ok:
		problems.Add(colPaid, "bad_format", "12 000,50")
	case held.Site > 0 && paid > 0: // the accounts are of whole projects
		problems.Add(colPaid, "not_allowed", "")
	case held.Site > 0:
	case paid < before:
		problems.Add(colPaid, "too_small", before.String()+"\u00a0€")
	case paid-before > held.Left:
		problems.Add(colPaid, "too_large", (before+held.Left).String()+"\u00a0€")
	default:
		return paid - before
	}
	return 0
}

// facts are what a row changes.
func facts(t Taken, paid domain.Cents) (all []Fact) {
	add := func(what, before, after string) {
		if before != after {
			all = append(all, Fact{what, before, after})
		}
	}
	add(colExternal, t.Before.External, t.After.External)
	add(colPhase, string(t.Before.Phase), string(t.After.Phase))
	for _, p := range Phases {
		var before, after Date
		for _, d := range t.Before.Dates {
			if d.Phase == p {
				before = d
			}
		}
		for _, d := range t.After.Dates {
			if d.Phase == p {
				after = d
			}
		}
		add("promised."+string(p), before.Promised, after.Promised)
		add("actual."+string(p), before.Actual, after.Actual)
	}
	if t.Pay > 0 {
		add(colPaid, strconv.FormatInt(int64(paid), 10), strconv.FormatInt(int64(paid+t.Pay), 10))
	}
	return all
}

// Template is the round's deliveries as a sheet to fill in (officials).
func (s *Service) Template(
	ctx context.Context, actor domain.Actor, roundID string, format sheet.Format, language domain.Language,
) ([]byte, error) {
	if err := actor.Need(domain.Official); err != nil {
		return nil, err
	}
	t := sheet.Table{Counts: []int{0, 1}, Long: []int{2}}
	for _, f := range columns() {
		t.Head = append(t.Head, f.Name.In(language))
	}
	err := s.c.Bulk.ChangeDeliveries(ctx, roundID, actor.ID, func(
		r round.At, held []Held, others map[string]domain.Cents,
	) ([]Taken, *round.Entry, error) {
		t.Name, t.Rows = r.ID, nil
		for _, h := range held {
			site, paid := "", (h.Paid + others[h.External]).String()
			if h.Site > 0 {
				site, paid = strconv.Itoa(h.Site), ""
			}
			title := h.Project.Title.In(language)
			if h.Site > 0 {
				title += " · " + h.Name.In(language)
			}
			cells := []string{
				strconv.Itoa(h.Project.Number), site, title, h.External, phaseNames[h.Phase].In(language),
			}
			for _, p := range Phases {
				var at Date
				for _, d := range h.Dates {
					if d.Phase == p {
						at = d
					}
				}
				cells = append(cells, at.Promised, at.Actual)
			}
			t.Rows = append(t.Rows, sheet.Row{Cells: append(cells, paid)})
		}
		return nil, nil, nil
	})
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, t)
	return file.Bytes(), err
}
