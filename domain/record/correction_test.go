package record

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"osbu/domain/round"
)

// A number that was typed wrong is corrected by a step of its own, twice if
// need be; a record whose correction says anything else than what held is
// refused.
func TestCorrectedDecision(t *testing.T) {
	corrected := func(published string, details ...string) *sample {
		s := smallSample(t, 1)
		s.tell = func(entries []round.Entry) []round.Entry {
			at := entries[len(entries)-1].At
			for i, d := range details {
				entries = append(entries, round.Entry{Action: "correction", At: at.Add(time.Duration(i) * time.Hour), Details: d})
			}
			return entries
		}
		s.publish = func(p *Published) { p.Decision = published }
		return s.logged(t, s.sizes...)
	}
	const (
		first  = `{"corrects":"confirm","decision":"§ 20","from":"§ 2","reason":"a typing error"}`
		second = `{"corrects":"confirm","decision":"§ 21","from":"§ 20","reason":"another"}`
	)
	const kept = "testdata/corrected.zip"
	if *update {
		if err := os.WriteFile(kept, corrected("§ 21", first, second).record(t), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	zip, err := os.ReadFile(kept)
	if err != nil {
		t.Fatal(err)
	}
	c, err := verify(t, zip)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Corrections; len(got) != 2 || got[0].From != "§ 2" || got[1].Decision != "§ 21" ||
		got[1].Reason != "another" || got[0].At.IsZero() {
		t.Errorf("got %+v, want both corrections", got)
	}
	for name, x := range map[string]struct {
		want string
		s    *sample
	}{
		"not in outcome.json": {
			"log/steps.txt:9: the steps confirm by another decision", corrected("§ 2", first),
		},
		"never made": {"log/steps.txt:8: the steps confirm by another decision", corrected("§ 20")},
		"of another number": {
			`log/steps.txt:9: the decision was "§ 2" before the step, not "§ 20"`, corrected("§ 21", second),
		},
		"of another step": {
			`log/steps.txt:9: the step corrects "count"`, corrected("§ 20", strings.Replace(first, "confirm", "count", 1)),
		},
		"for no reason": {
			"log/steps.txt:9: the step corrects nothing, or for no reason",
			corrected("§ 20", strings.Replace(first, "a typing error", "", 1)),
		},
		"into the same": {
			"log/steps.txt:9: the step corrects nothing", corrected("§ 2", strings.Replace(first, "§ 20", "§ 2", 1)),
		},
		"no JSON": {"log/steps.txt:9: what the step says is no JSON object", corrected("§ 20", "[]")},
		"its leaf left out": {"log/steps.txt:9: a step that no leaf of the log vouches for", func() *sample {
			s := corrected("§ 20", first)
			s.leaves, s.sizes[3] = s.leaves[:21], 21
			return s.signed(t)
		}()},
		"left out of the steps": {"log/leaves.txt:22: the step is missing in log/steps.txt", func() *sample {
			s := corrected("§ 2", first)
			s.entries = s.entries[:8]
			return s
		}()},
		"before the confirmation": {`log/leaves.txt:21: the step correction does not follow "count"`, func() *sample {
			s := corrected("§ 20", first)
			s.leaves[20], s.leaves[21] = s.leaves[21], s.leaves[20]
			return s.signed(t)
		}()},
		"of a vote that goes on": {"log/leaves.txt:17: the step correction on the wrong side of the close", func() *sample {
			s := corrected("§ 20", first)
			last := len(s.leaves) - 1
			s.leaves = slices.Insert(s.leaves[:last:last], 16, s.leaves[last])
			return s.signed(t)
		}()},
	} {
		if got := refused(t, x.s.record(t)); !strings.HasPrefix(got, x.want) {
			t.Errorf("%s: got %q, want %q", name, got, x.want)
		}
	}
}
