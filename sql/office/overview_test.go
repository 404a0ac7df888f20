package office_test

import (
	"context"
	"fmt"
	"strconv"
	"testing"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/desk"
)

// Every number of the overview is that of the list it leads to.
func TestOverviewCountsWhatListsShow(t *testing.T) {
	t.Parallel()
	v := found(t, "proposing")
	ctx := context.Background()
	one := v.submitted(t, aino, "southern")
	v.submitted(t, aino, "southern")
	v.submitted(t, aino, "western")
	v.referred(t, 1, "environment")
	must(v.Take(ctx, southern, "r", one))(t)
	if err := v.do(ctx, southern, one, "reject"); err != nil {
		t.Fatal(err)
	}
	count := func(actor domain.Actor, list proposal.List) int {
		t.Helper()
		list.Limit = 1
		return must(v.Queue(ctx, actor, "r", list, false))(t).Total
	}
	for _, actor := range []domain.Actor{official, southern} {
		o := must(v.Overview(ctx, actor, "r"))(t)
		got := fmt.Sprint(o.Waiting, o.Late, o.ToEstimate, o.Untranslated)
		want := fmt.Sprint(count(actor, proposal.List{}), count(actor, proposal.List{Late: true}),
			count(actor, proposal.List{Estimation: proposal.Waiting}), count(actor, proposal.List{Untranslated: true}))
		if got != want {
			t.Errorf("%s: got %s, want %s", actor.Name, got, want)
		}
		for _, a := range o.Areas {
			if want := count(actor, proposal.List{Areas: []string{a.ID}}); a.Waiting != want || want == 0 {
				t.Errorf("%s: %s: got %d, want %d", actor.Name, a.ID, a.Waiting, want)
			}
		}
		for _, p := range o.People {
			list := proposal.List{Free: p.ID == ""}
			list.TakenBy, _ = strconv.ParseInt(p.ID, 10, 64)
			if want := count(actor, list); p.Waiting != want || want == 0 {
				t.Errorf("%s: %q: got %d, want %d", actor.Name, p.Name, p.Waiting, want)
			}
		}
		for _, d := range o.Divisions {
			list := proposal.List{Divisions: []string{d.ID}, Estimation: proposal.Waiting}
			if want := count(actor, list); d.Waiting != want || want == 0 {
				t.Errorf("%s: %s: got %d, want %d", actor.Name, d.ID, d.Waiting, want)
			}
		}
		for _, a := range o.Ages {
			if want := count(actor, proposal.List{Older: a.Days}); a.Waiting != want {
				t.Errorf("%s: %d days: got %d, want %d", actor.Name, a.Days, a.Waiting, want)
			}
		}
		if len(o.Divisions) != 1 || len(o.Days) != desk.OverviewDays || len(o.Ages) != len(desk.Ages) {
			t.Errorf("%s: got %+v", actor.Name, o)
		}
		if today := o.Days[0]; today.Decided != 1 || today.Submitted != o.Waiting+1 {
			t.Errorf("%s: got %+v today, want 1 decided and %d submitted", actor.Name, today, o.Waiting+1)
		}
	}
	if _, err := v.Overview(ctx, aino, "r"); domain.KindOf(err) != domain.Forbidden {
		t.Errorf("a resident: got %v", err)
	}
}
