package service

import (
	"net/http"
	"testing"

	"osbu/domain"
	"osbu/handlers/api"
)

// Everybody reads where the money went; officials book it, and nobody else.
func TestLedgerOverHTTP(t *testing.T) {
	w, official := delivering(t)
	visitor, expert := w.anonymous(t), w.expert(t, "environment")
	const path = "/api/v1/rounds/r/ledger"
	var l api.Ledger
	visitor.ok("GET", path, nil, &l)
	balances := l.Areas[0].Balances
	if len(l.Projects) != 2 || balances.Reserved != 90_000_00 || balances.Free != 10_000_00 || l.May {
		t.Fatalf("%+v", l)
	}
	b := api.LedgerBooking{
		Kind: "commit", Day: "2026-05-17", Project: pointer(1), Cents: 25_000_00,
		Reason: api.PublicText{Fi: "Urakka", Sv: "Entreprenad"}, Voucher: pointer("T-1"), Request: "request-1",
	}
	l = api.Ledger{}
	official.ok("POST", path, b, &l)
	if e := l.Entries[0]; !l.May || e.Amount != 25_000_00 || value(e.Lines[0].Project) != 1 || len(l.Entries) != 2 {
		t.Errorf("%+v", l.Entries)
	}
	var fund api.FundAccounts
	visitor.ok("GET", "/api/v1/ledger", nil, &fund)
	if len(fund.Years) != 1 || fund.Years[0].Closing != 100_000_00 || len(fund.Rounds) != 1 {
		t.Errorf("%+v", fund)
	}
	more := b
	more.Cents, more.Voucher, more.Request = 25_000_00, pointer("T-2"), "request-2"
	typed := b
	typed.Request = "request-3"
	bare := b
	bare.Voucher, bare.Request = nil, "request-4"
	official.ok("POST", path, b, &l) // the same form once more
	if len(l.Entries) != 2 {
		t.Errorf("a form that is posted twice books twice: %+v", l.Entries)
	}
	late := b
	late.Request = "request-5"
	late.Day = "2026-05-18"
	reversal := api.LedgerReversal{Reason: api.PublicText{Fi: "Virhe", Sv: "Fel"}}
	for name, c := range map[string]struct {
		client *client
		method string
		path   string
		body   any
		status int
		code   string
	}{
		"visitor's booking":    {visitor, "POST", path, b, 401, "sign_in_required"},
		"an expert's booking":  {expert, "POST", path, b, 403, "not_allowed"},
		"an expert's reversal": {expert, "POST", path + "/2/reversal", reversal, 403, "not_allowed"},
		"more than there is":   {official, "POST", path, more, 409, "ledger_not_covered"},
		"a receipt again":      {official, "POST", path, typed, 409, "ledger_booked"},
		"without a receipt":    {official, "POST", path, bare, 400, "invalid_request"},
		"tomorrow":             {official, "POST", path, late, 400, "invalid_request"},
		"reversal of the pots": {official, "POST", path + "/1/reversal", reversal, 409, "ledger_reversed"},
		"reversal of nothing":  {official, "POST", path + "/99/reversal", reversal, 404, "not_found"},
		"in no round":          {visitor, "GET", "/api/v1/rounds/x/ledger", nil, 404, "not_found"},
	} {
		if status, code := c.client.do(c.method, c.path, c.body, nil); status != c.status || code != c.code {
			t.Errorf("%s: %d %s", name, status, code)
		}
	}
	official.ok("POST", path+"/2/reversal", reversal, &l)
	w.as(t, person{Name: "Oona", Roles: []domain.Role{domain.Official}}).createRound("later", "helsinki-2026")
	if status, _ := official.get("/api/v1/rounds/later/ledger", nil); status != http.StatusNotFound {
		t.Errorf("before the result: %d", status)
	}
}
