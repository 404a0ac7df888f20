package area

import (
	"testing"

	"osbu/domain"
	"osbu/domain/disclosure"
	"osbu/domain/round"
	"osbu/domain/statistics"
)

// What the statistics hide stays hidden, whatever page tells of it.
func TestTurnoutsTellNoMoreThanTheStatistics(t *testing.T) {
	row := func(key string, used, unused int) disclosure.Row {
		return disclosure.Row{
			Key: key, Cells: []disclosure.Cell{{N: used}, {N: unused}}, Total: disclosure.Cell{N: used + unused},
		}
	}
	table := func(columns [][]string, rows ...disclosure.Row) []statistics.Paper {
		return []statistics.Paper{{Paper: "main", Areas: disclosure.Table{Columns: columns, Rows: rows}}}
	}
	apart := [][]string{{statistics.Used}, {statistics.Unused}}
	hidden := row("southern", 2, 300)
	hidden.Cells[0].Hidden, hidden.Cells[1].Hidden = true, true
	gone := row("southern", 2, 1)
	gone.Total.Hidden = true
	together := disclosure.Row{
		Key: "southern", Cells: []disclosure.Cell{{N: 302}}, Total: disclosure.Cell{N: 302},
	}
	few := table(apart, row("southern", 40, 60))
	few[0].Areas.Few = true
	mixed := row("southern", 40, 60)
	mixed.Unknown = true
	for name, c := range map[string]struct {
		kept    []statistics.Paper
		n       int
		used    disclosure.Cell
		unknown bool
	}{
		"told":               {table(apart, row("western", 1, 2), row("southern", 40, 60)), 1, disclosure.Cell{N: 40}, false},
		"with the unknown":   {table(apart, mixed), 1, disclosure.Cell{N: 40}, true},
		"cells hidden":       {table(apart, hidden), 1, hidden.Cells[0], false},
		"counted together":   {table([][]string{{statistics.Used, statistics.Unused}}, together), 1, disclosure.Cell{Hidden: true}, false},
		"sum hidden":         {table(apart, gone), 0, disclosure.Cell{}, false},
		"few in all":         {few, 0, disclosure.Cell{}, false},
		"of no such area":    {table(apart, row("western", 40, 60)), 0, disclosure.Cell{}, false},
		"nobody lives there": {table(apart, row("southern", 0, 0)), 0, disclosure.Cell{}, false},
		"not counted":        {nil, 0, disclosure.Cell{}, false},
	} {
		got := Round{Kept: c.kept}.Turnouts("southern")
		if len(got) != c.n || c.n == 1 && (got[0].Used != c.used || got[0].Unknown != c.unknown) {
			t.Errorf("%s: got %+v, want %d with %+v", name, got, c.n, c.used)
		}
	}
}

func TestTurnoutsNamePapersWhereThereAreSeveral(t *testing.T) {
	row := disclosure.Row{Key: "a", Cells: []disclosure.Cell{{N: 9}, {N: 9}}, Total: disclosure.Cell{N: 18}}
	areas := disclosure.Table{
		Columns: [][]string{{statistics.Used}, {statistics.Unused}}, Rows: []disclosure.Row{row},
	}
	r := Round{
		Papers: []round.Paper{{ID: "own", Name: domain.Text{Fi: "Oma"}}, {ID: "city", Name: domain.Text{Fi: "Koko"}}},
		Kept:   []statistics.Paper{{Paper: "own", Areas: areas}, {Paper: "city", Areas: areas}},
	}
	if got := r.Turnouts("a"); len(got) != 2 || got[1].Name.Fi != "Koko" {
		t.Errorf("of two papers: %+v", got)
	}
	r.Kept = r.Kept[:1]
	if got := r.Turnouts("a"); len(got) != 1 || got[0].Name != (domain.Text{}) {
		t.Errorf("of one paper: %+v", got)
	}
}

func TestMoved(t *testing.T) {
	of := func(codes ...[]string) (a Area) {
		for _, c := range codes {
			a.Rounds = append(a.Rounds, Round{PostalCodes: c})
		}
		return a
	}
	for name, c := range map[string]struct {
		area Area
		want bool
	}{
		"never":            {of([]string{"00100", "00120"}, []string{"00120", "00100"}), false},
		"once":             {of([]string{"00100"}, nil, []string{"00100", "00120"}), true},
		"not said in one":  {of([]string{"00100"}, nil), false},
		"one round":        {of([]string{"00100"}), false},
		"said in no round": {of(nil, nil), false},
	} {
		if got := c.area.Moved(); got != c.want {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
