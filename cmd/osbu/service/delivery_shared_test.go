package service

import (
	"slices"
	"testing"

	"osbu/handlers/api"
)

// Two rounds pay for one place, which is one project to the programming tool:
// its cost is booked once, whichever round's sheet comes first and however
// often it comes, and the page of each names the other.
func TestTwoRoundsPayForOnePlace(t *testing.T) {
	t.Parallel()
	w, official := delivering(t)
	w.delivers(t, official, "q")
	give := func(round, file string) (made api.DeliveryImported) {
		t.Helper()
		path := "/api/v1/rounds/" + round + "/delivery-sheet"
		official.ok("POST", path, api.DeliveryImport{File: []byte(file)}, &made)
		official.ok("POST", path, api.DeliveryImport{File: []byte(file), Digest: &made.Digest}, &made)
		return made
	}
	spent := func(round string) int64 {
		t.Helper()
		var l api.Ledger
		official.ok("GET", "/api/v1/rounds/"+round+"/ledger", nil, &l)
		if b := l.Areas[0].Balances; b.Spent+b.Committed+b.Reserved+b.Free != 100_000_00 {
			t.Errorf("the pot of %s does not add up: %+v", round, b)
		}
		return l.Areas[0].Balances.Spent
	}
	fund := func() (sum int64) {
		t.Helper()
		var f api.FundAccounts
		official.ok("GET", "/api/v1/ledger", nil, &f)
		for _, y := range f.Years {
			sum += y.Spent
		}
		return sum
	}
	give("r", "hkrId;Hankkeen numero;realizedCost\n4711;1;30000\n")
	made := give("q", "hkrId;Hankkeen numero;realizedCost\n4711;1;30000\n")
	if got := rowsOf(made); !slices.Equal(got, []string{"2 change 1 external:>4711"}) {
		t.Errorf("what the other round has paid is paid again: %v", got)
	}
	if r, q, all := spent("r"), spent("q"), fund(); r != 30_000_00 || q != 0 || all != 30_000_00 {
		t.Errorf("paid %d and %d, in all %d", r, q, all)
	}
	const dearer = "hkrId;realizedCost\n4711;65000\n"
	var tried api.DeliveryImported
	official.ok("POST", "/api/v1/rounds/r/delivery-sheet", api.DeliveryImport{File: []byte(dearer)}, &tried)
	if got := rowsOf(tried); !slices.Equal(got, []string{"2 error 1 BrealizedCost!too_large 40000\u00a0€"}) {
		t.Errorf("more than this round has left: %v", got)
	}
	if got := rowsOf(give("q", dearer)); !slices.Equal(got, []string{"2 change 1 paid:3000000>6500000"}) {
		t.Errorf("the other round pays the rest: %v", got)
	}
	for _, round := range []string{"r", "q"} {
		if made := give(round, dearer); made.Done || made.Rows[0].Status != "unchanged" {
			t.Errorf("%s, the same sheet again: %v", round, rowsOf(made))
		}
	}
	if r, q, all := spent("r"), spent("q"), fund(); r != 30_000_00 || q != 35_000_00 || all != 65_000_00 {
		t.Errorf("paid %d and %d, in all %d", r, q, all)
	}
	var books api.Ledger
	w.anonymous(t).ok("GET", "/api/v1/rounds/r/ledger", nil, &books)
	if o := books.Projects[0].Others; len(o) != 1 || o[0].Round != "q" || o[0].Project != 1 || o[0].Paid != 35_000_00 ||
		len(books.Projects[1].Others) != 0 {
		t.Errorf("the ledger names the other payer otherwise: %+v", books.Projects)
	}
	var a api.AreaStory
	visitor := w.anonymous(t)
	visitor.ok("GET", "/api/v1/areas/southern", nil, &a)
	if len(a.Rounds) != 2 || a.Rounds[0].Balances.Spent+a.Rounds[1].Balances.Spent != 65_000_00 {
		t.Errorf("the area counts something twice: %+v", a)
	}
	for round, c := range map[string]struct {
		other string
		paid  int64
	}{"r": {"q", 35_000_00}, "q": {"r", 30_000_00}} {
		var story api.DeliveryStory
		visitor.ok("GET", "/api/v1/rounds/"+round+"/deliveries/1", nil, &story)
		if len(story.Shared) != 1 || story.Shared[0].Round != c.other || story.Shared[0].Paid != c.paid ||
			story.Shared[0].Project != 1 {
			t.Errorf("%s: %+v", round, story.Shared)
		}
		visitor.ok("GET", "/api/v1/rounds/"+round+"/deliveries/2", nil, &story)
		if len(story.Shared) != 0 {
			t.Errorf("%s, project 2: %+v", round, story.Shared)
		}
	}
}
