package office_test

import (
	"context"
	"testing"

	"osbu/domain"
	"osbu/domain/polling"
	"osbu/domain/round"
)

// 3 marked, 1 of them taken back: with 2 sheets the account is even, with 1 it
// needs a reason, and two officers sign it.
func TestTwoOfficersSignAPlacesAccount(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	p.mustMark(adult)
	if err := p.undo(olga, p.library, adult, "koko"); err != nil {
		t.Fatal(err)
	}
	p.mustMark(adult, "koko")
	certify := func(actor domain.Actor, c polling.Certificate) error {
		return p.Certify(ctx, actor, p.id, p.library, c)
	}
	even := polling.Certificate{Marked: 3, Undone: 1, Sheets: 2}
	odd := polling.Certificate{Marked: 3, Undone: 1, Sheets: 1}
	p.wantCode(certify(olga, odd), domain.Invalid, domain.CodeInvalid)
	p.wantCode(certify(olga, polling.Certificate{Marked: 2, Sheets: 2}), domain.Conflict, domain.CodeEdited)
	p.wantCode(certify(oskar, even), domain.Forbidden, domain.CodeNotAllowed)
	p.wantCode(p.CountersignCertificate(ctx, chief, p.id, p.library, 1), domain.NotFound, domain.CodeNotFound)

	odd.Reason = "One sheet was torn"
	if err := certify(olga, odd); err != nil {
		t.Fatal(err)
	}
	p.wantCode(p.CountersignCertificate(ctx, olga, p.id, p.library, 1), domain.Forbidden, polling.CodeSameOfficer)
	p.wantCode(p.CountersignCertificate(ctx, oskar, p.id, p.library, 1), domain.Forbidden, domain.CodeNotAllowed)

	// Counted again: the first one holds no more, and stays.
	if err := certify(olga, even); err != nil {
		t.Fatal(err)
	}
	p.wantCode(p.CountersignCertificate(ctx, chief, p.id, p.library, 1), domain.Conflict, domain.CodeEdited)
	if err := p.CountersignCertificate(ctx, chief, p.id, p.library, 2); err != nil {
		t.Fatal(err)
	}
	p.wantCode(p.CountersignCertificate(ctx, chief, p.id, p.library, 2), domain.Conflict, domain.CodeEdited)
	tally, all, err := p.Certificate(ctx, olga, p.id, p.library)
	if err != nil || tally != (polling.Tally{Marked: 3, Spoiled: 1}) || len(all) != 2 || all[0].Second != "Olli Official" ||
		all[0].Difference() != 0 || all[1].Difference() != 1 || all[1].Reason != odd.Reason || all[1].Second != "" {
		t.Errorf("%+v %+v, %v", tally, all, err)
	}

	// A mark that comes after it makes the signature one of other numbers.
	if err := certify(olga, even); err != nil {
		t.Fatal(err)
	}
	p.mustMark(hidden, "koko")
	p.wantCode(p.CountersignCertificate(ctx, chief, p.id, p.library, 3), domain.Conflict, domain.CodeEdited)
	for _, statement := range []string{
		"UPDATE certificate SET sheets = 9", "DELETE FROM certificate",
		"UPDATE certificate SET second = NULL WHERE number = 2",
	} {
		if _, err := p.DB.DB.ExecContext(ctx, statement); err == nil {
			t.Errorf("the server's role may: %s", statement)
		}
	}
}

func TestOnlyThePlacesOfficersSeeItsAccount(t *testing.T) {
	t.Parallel()
	p := newPlaces(t)
	ctx := context.Background()
	for name, who := range map[string]struct {
		actor domain.Actor
		place int64
		kind  domain.Kind
	}{
		"nobody":               {anonymous, p.library, domain.Unauthenticated},
		"a resident":           {domain.Actor{ID: 3, Roles: []domain.Role{domain.Resident}}, p.library, domain.Forbidden},
		"of another place":     {olga, p.school, domain.Forbidden},
		"at no place":          {chief, 999, domain.NotFound},
		"at one not announced": {chief, p.draft, domain.NotFound},
	} {
		if _, _, err := p.Certificate(ctx, who.actor, p.id, who.place); domain.KindOf(err) != who.kind {
			t.Errorf("%s reads: %v", name, err)
		}
		if err := p.Certify(ctx, who.actor, p.id, who.place, polling.Certificate{}); domain.KindOf(err) != who.kind {
			t.Errorf("%s signs first: %v", name, err)
		}
		if err := p.CountersignCertificate(ctx, who.actor, p.id, who.place, 1); domain.KindOf(err) != who.kind {
			t.Errorf("%s signs second: %v", name, err)
		}
	}
	// The account is given when the vote is over.
	p.to(round.Closed)
	if err := p.Certify(ctx, olga, p.id, p.library, polling.Certificate{}); err != nil {
		t.Errorf("after the close: %v", err)
	}
}
