package office_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"osbu/domain"
	"osbu/domain/account"
	persons "osbu/domain/person"
	"osbu/domain/proposal"
	"osbu/sql/office"
)

// Every column that holds something of a person is listed with what becomes of
// it, and every other one as saying nothing of anybody: a new column is neither
// until somebody has thought about it.
func TestEveryColumnIsListed(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	rows, err := v.Owner.QueryContext(context.Background(), `SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = 'public' AND table_name IN (SELECT table_name FROM information_schema.tables
			WHERE table_schema = 'public' AND table_type = 'BASE TABLE')`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	listed := office.PersonalColumns()
	for rows.Next() {
		var table, column string
		if err := rows.Scan(&table, &column); err != nil {
			t.Fatal(err)
		}
		if slices.Contains([]string{"goose_db_version", "migrated"}, table) {
			continue // the list of migrations; the roll while it is taken in, empty otherwise
		}
		i := slices.Index(listed[table], column)
		if i < 0 {
			t.Errorf("%s.%s is not listed: is it of a person, given, erased, or why does it stay?", table, column)
			continue
		}
		listed[table] = slices.Delete(listed[table], i, i+1)
	}
	for table, columns := range listed {
		if len(columns) > 0 {
			t.Errorf("%s has no %v any more", table, columns)
		}
	}
}

// What somebody left in every room is hers to see; erased, her name, address
// and private words stand nowhere any more, and what others answered stays.
func TestAPersonIsExportedAndErased(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	v.mailbox(t, aino)
	v.mailbox(t, eino)
	private := "Salaisuus" // in what goes
	ref := account.Ref{1, 2, 3}
	v.stage(t, "UPDATE account SET key = ?, identified = true, name = ? WHERE id = ?", ref[:], aino.Name, aino.ID)
	draft := must(v.Draft(ctx, aino, "r", bench(private)))(t).ID
	id := must(v.Draft(ctx, aino, "r", bench("Penkki")))(t).ID
	must(v.Submit(ctx, aino, "r", id))(t)
	must(v.Take(ctx, southern, "r", id))(t)
	theirs := must(v.Draft(ctx, eino, "r", bench("Pöytä")))(t).ID
	must(v.Submit(ctx, eino, "r", theirs))(t)
	v.stage(t, "UPDATE audit SET actor = 'official 6'") // who made the round
	v.stage(t, `INSERT INTO author (proposal, account) VALUES (?, ?)`, theirs, aino.ID)
	must(v.Edit(ctx, aino, "r", theirs, 2, bench("Iso pöytä"), nil))(t)
	v.stage(t, `INSERT INTO support (proposal, account) VALUES (?, ?)`, theirs, aino.ID)
	v.stage(t, `INSERT INTO follow (proposal, account) VALUES (?, ?)`, theirs, aino.ID)
	v.stage(t, `INSERT INTO enquiry (round, by, language, text) VALUES ('r', ?, 'fi', ?)`, aino.ID, private)
	v.stage(t, `INSERT INTO comment (proposal, author, staff, text, language, at)
		VALUES (?, ?, false, 'Kannatan', 'fi', osbu_now())`, theirs, aino.ID)
	v.stage(t, `INSERT INTO roll (round, person, born, municipality, protected)
		VALUES ('r', ?, '1990-01-01', '091', false)`, ref[:])
	v.stage(t, `INSERT INTO spent_right (round, paper, person, channel, day)
		SELECT 'r', id, ?, 'paper', '2026-01-10' FROM paper WHERE round = 'r' LIMIT 1`, ref[:])
	v.stage(t, `INSERT INTO session (token, account, sealed, expires, ends)
		VALUES (sha256('a'), ?, '', '2026-02-01', '2026-02-01')`, aino.ID)
	calendar := v.calendar(t)
	workshop := v.announced(t, calendar, workshop(t, 1, 13))
	for _, a := range []domain.Actor{aino, eino} {
		must(calendar.SignUp(ctx, a, "r", workshop.ID))(t)
	}

	asukas := map[domain.Language]string{domain.Finnish: "Asukas"}
	who := persons.Subject{Account: aino.ID, Ref: ref}
	if got := must(v.store.Subject(ctx, ref))(t); got != who {
		t.Errorf("found %v, want %v", got, who)
	}
	kept := must(v.store.Holdings(ctx, who, persons.Request{Action: "export"}))(t)
	tables := map[string]int{}
	for _, h := range kept.Holdings {
		tables[h.Table] = len(h.Rows)
	}
	for table, want := range map[string]int{
		"account": 1, "session": 1, "mailbox": 1, "support": 1, "follow": 1, "seat": 1, "enquiry": 1, "proposal": 2,
		"author": 3, "comment": 1, "roll": 1, "spent_right": 1, "person_request": 1, "proposal_version": 4,
	} {
		if tables[table] != want {
			t.Errorf("of %s she is given %d rows, want %d", table, tables[table], want)
		}
	}

	if err := v.store.ErasePerson(ctx, who, asukas, persons.Request{Action: "erase"}); err != nil {
		t.Fatal(err)
	}
	for _, word := range []string{aino.Name, private} {
		if found := v.everywhere(t, word); len(found) > 0 {
			t.Errorf("%q still stands in %v", word, found)
		}
	}
	if got := must(v.store.Subject(ctx, ref))(t); got.Account != 0 {
		t.Errorf("her account is still found: %v", got)
	}
	if p := must(v.proposals.Get(ctx, anonymous, "r", id))(t); p.Author.Name != "Asukas" || p.Text.Title != "Penkki" {
		t.Errorf("her proposal is %q by %q", p.Text.Title, p.Author.Name)
	}
	if p := must(v.proposals.Get(ctx, eino, "r", theirs))(t); len(p.Coauthors) != 0 || p.State != proposal.Submitted {
		t.Errorf("theirs is %s with %v", p.State, p.Coauthors)
	}
	if _, err := v.proposals.Get(ctx, aino, "r", draft); err == nil {
		t.Error("her draft is still there")
	}
	if seat := must(v.store.Seat(ctx, workshop.ID, eino.ID))(t); seat == nil || seat.Waiting != 0 {
		t.Errorf("who waited for her seat has %v", seat)
	}
	after := must(v.store.Holdings(ctx, persons.Subject{Ref: ref}, persons.Request{Action: "export", Reason: "x"}))(t)
	for _, h := range after.Holdings {
		if elections := h.Table == "roll" || h.Table == "spent_right"; len(h.Rows) > 0 != elections {
			t.Errorf("%s: %d rows stay (%s)", h.Table, len(h.Rows), h.Basis)
		}
	}
	if err := v.store.ErasePerson(ctx, who, asukas, persons.Request{Action: "erase"}); err != nil {
		t.Errorf("once more: %v", err)
	}
}

// everywhere tells in which columns of the database a word stands.
func (v village) everywhere(t *testing.T, word string) (found []string) {
	t.Helper()
	for table, columns := range office.PersonalColumns() {
		for _, column := range columns {
			var n int
			query := fmt.Sprintf("SELECT count(*) FROM %s WHERE %s::text LIKE '%%' || ? || '%%'", table, column)
			if err := v.Owner.QueryRowContext(context.Background(), query, word).Scan(&n); err != nil {
				t.Fatal(strings.Join([]string{table, column}, "."), err)
			}
			if n > 0 {
				found = append(found, table+"."+column)
			}
		}
	}
	return found
}
