package service

import (
	"net/http"
	"strings"
	"testing"

	"osbu/handlers/api"
)

// After the close everybody reads how a round went: on the page, in the table
// file and in the workbook the same numbers; before that nobody does.
func TestStatisticsOverHTTP(t *testing.T) {
	t.Parallel()
	w, official := delivering(t)
	visitor := w.anonymous(t)
	const path = "/api/v1/rounds/r/statistics"
	official.ok("POST", "/api/v1/rounds/r/ledger", api.LedgerBooking{
		Kind: "commit", Day: "2026-05-17", Project: pointer(1), Cents: 25_000_50,
		Reason: api.PublicText{Fi: "Urakka", Sv: "Entreprenad"}, Voucher: pointer("T-1"), Request: "request-1",
	}, nil)
	official.ok("POST", "/api/v1/rounds/r/ledger", api.LedgerBooking{
		Kind: "spend", Day: "2026-05-17", Project: pointer(1), Cents: 25_000_50,
		Reason: api.PublicText{Fi: "Lasku", Sv: "Faktura"}, Voucher: pointer("V-1"), Request: "request-2",
	}, nil)
	official.ok("PUT", deliveriesPath+"1/sites/0", report(1, "done"), nil)
	var all api.Statistics
	visitor.ok("GET", path, nil, &all)
	if len(all.Papers) != 1 || all.Papers[0].Rights != 3 || all.Papers[0].Assisted != 3 || !all.Papers[0].Areas.Few ||
		!all.Papers[0].Ages.Few || len(all.Proposals) != 3 || !all.Proposals[0].Few {
		t.Errorf("three voters and two proposals: %+v", all)
	}
	if len(*all.Costs) != 1 {
		t.Fatalf("costs of one area: %+v", *all.Costs)
	}
	c := (*all.Costs)[0]
	if c.All != (api.CostSum{Projects: 2, Estimate: 90_000_00, Actual: 25_000_50}) ||
		c.Done != (api.CostSum{Projects: 1, Estimate: 40_000_00, Actual: 25_000_50}) || c.Cancelled != 0 {
		t.Errorf("costs: %+v", c)
	}
	var text string
	visitor.ok("GET", path+".csv", nil, &text)
	rows := strictCSV(t, []byte(text))
	for _, line := range []string{
		`"cost";"area";"";"southern";"Eteläinen";"estimate, euros";"90000"`,
		`"cost of finished projects";"area";"";"southern";"Eteläinen";"paid, euros";"25000.50"`,
		`"turnout";"area";"main";"total";"";"total";""`, `"turnout";"channel";"main";"total";"";"assisted";"3"`,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("%d rows lack %s:\n%s", len(rows), line, text)
		}
	}
	if status, code := visitor.get(path+".xlsx", nil); status != http.StatusOK {
		t.Errorf("the workbook: %d %s", status, code)
	}
	official.createRound("later", "helsinki-2026")
	for _, c := range []struct {
		phase string
		want  int
	}{{"draft", http.StatusNotFound}, {"proposing", http.StatusConflict}} {
		if c.phase == "proposing" {
			official.step("later", "propose")
		}
		for _, file := range []string{"", ".csv", ".xlsx"} {
			if status, code := visitor.get("/api/v1/rounds/later/statistics"+file, nil); status != c.want {
				t.Errorf("%s%s: %d %s, want %d", c.phase, file, status, code, c.want)
			}
		}
	}
}
