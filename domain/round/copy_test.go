package round

import "testing"

// A rehearsal that becomes a real round protects its ballots again, and keeps
// what was chosen otherwise.
func TestARehearsalBecomesReal(t *testing.T) {
	kept := Settings{OpeningsFrom: usualOpenings, Sealing: usualSealing}
	if got := kept.ForRehearsal().afterRehearsal(); got.OpeningsFrom != usualOpenings || got.Sealing != usualSealing {
		t.Errorf("there and back: %+v", got)
	}
	for _, kept := range []Settings{
		{OpeningsFrom: 30, Sealing: Sealing{Trustees: 5, Needed: 3}}, {OpeningsFrom: 30},
	} {
		if got := kept.afterRehearsal(); got.OpeningsFrom != kept.OpeningsFrom || got.Sealing != kept.Sealing {
			t.Errorf("%+v became %+v", kept, got)
		}
	}
}
