package round_test

import (
	"errors"
	"math"
	"testing"
	"time"

	"osbu/domain"
	"osbu/domain/ballot"
	"osbu/domain/round"
)

// one is the only fault that the error names, as "path code".
func one(t *testing.T, err error) string {
	t.Helper()
	var e *domain.Error
	if !errors.As(err, &e) || e.Kind != domain.Invalid || len(e.Fields) != 1 {
		t.Errorf("not one fault: %v", err)
		return ""
	}
	return e.Fields[0].Path + " " + e.Fields[0].Code
}

// Each fault alone, by its path and code.
func TestSettingsThatCannotBeRun(t *testing.T) {
	for want, spoil := range map[string]func(*round.Settings){
		"settings.areas[1].id duplicate":      func(s *round.Settings) { s.Areas[1].ID = s.Areas[0].ID; s.Papers[0].Areas = s.Papers[0].Areas[:1] },
		"settings.areas[1].name.fi required":  func(s *round.Settings) { s.Areas[1].Name.Fi = "" },
		"settings.languages too_few":          func(s *round.Settings) { s.Languages = []domain.Language{} },
		"settings.languages[1] duplicate":     func(s *round.Settings) { s.Languages = []domain.Language{"sv", "sv"} },
		"settings.languages[0] unknown":       func(s *round.Settings) { s.Languages = []domain.Language{"ru"} },
		"settings.areas[0].pot too_small":     func(s *round.Settings) { s.Areas[0].Pot = -1 },
		"settings.areas[0].rule.rule unknown": func(s *round.Settings) { s.Areas[0].Rule = &round.Rule{Rule: "condorcet"} },
		"settings.areas too_large": func(s *round.Settings) {
			s.Areas[0].Pot, s.Areas[1].Pot = math.MaxInt64,
				1
		},
		"settings.areas[1].id not_allowed":    func(s *round.Settings) { s.Papers[0].Areas = s.Papers[0].Areas[:1] },
		"settings.papers[0].id bad_format":    func(s *round.Settings) { s.Papers[0].ID = "-" },
		"settings.papers[0].name.fi required": func(s *round.Settings) { s.Papers[0].Name.Fi = "" },
		"settings.papers[0].areas[2] unknown": func(s *round.Settings) {
			s.Papers[0].Areas = append(s.Papers[0].Areas,
				"atlantis")
		},
		"settings.papers[0].areas[2] duplicate": func(s *round.Settings) {
			s.Papers[0].Areas = append(s.Papers[0].Areas,
				"a")
		},
		"settings.papers[1].areas[0] not_allowed": func(s *round.Settings) {
			s.Papers = append(s.Papers,
				paper("second", "a"))
		},
		"settings.papers[0].form.kind unknown":       func(s *round.Settings) { s.Papers[0].Form.Kind = "scores" },
		"settings.papers[0].form.min too_small":      func(s *round.Settings) { s.Papers[0].Form.Min = -1 },
		"settings.papers[0].form.max too_small":      func(s *round.Settings) { s.Papers[0].Form.Min = 4 },
		"settings.papers[0].form.max too_large":      func(s *round.Settings) { s.Papers[0].Form.Max = ballot.MaxChoices + 1 },
		"settings.themes[0].name.fi required":        func(s *round.Settings) { s.Themes = []round.Theme{{ID: "parks"}} },
		"settings.papers[0].form.points not_allowed": func(s *round.Settings) { s.Papers[0].Form.Points = 5 },
		"settings.papers[0].form.points too_small": func(s *round.Settings) {
			s.Papers[0].Form = ballot.Form{Kind: ballot.Points, Min: 2, Max: 3, Points: 1, PointsEach: 1}
		},
		"settings.papers[0].form.points_each too_large": func(s *round.Settings) {
			s.Papers[0].Form = ballot.Form{Kind: ballot.Points, Max: 3, Points: 10, PointsEach: 11}
		},
		"settings.rule.rule not_of_form": func(s *round.Settings) {
			s.Papers[0].Form.Kind, s.Rule = ballot.Ranking, round.Rule{Rule: "phragmen"}
		},
		"settings.areas[1].rule.rule not_of_form": func(s *round.Settings) {
			s.Papers[0].Form.Kind, s.Areas[1].Rule = ballot.Ranking, &round.Rule{Rule: "phragmen"}
		},
		"settings.rule.threshold_percent not_of_form": func(s *round.Settings) {
			s.Papers[0].Form = ballot.Form{Kind: ballot.Points, Max: 3, Points: 10, PointsEach: 10}
			s.Rule = round.Rule{Rule: "greedy-threshold", ThresholdPercent: 5}
		},
		"settings.areas[0].rule.utility not_of_form": func(s *round.Settings) {
			s.Areas[0].Rule = &round.Rule{Rule: "equal-shares", Utility: "rank"}
		},
		"settings.rule.utility not_allowed":   func(s *round.Settings) { s.Rule.Utility = "cost" },
		"settings.rule.threshold not_allowed": func(s *round.Settings) { s.Rule.Threshold = 5 },
		"settings.rule.threshold too_small": func(s *round.Settings) {
			s.Rule = round.Rule{
				Rule:      "greedy-threshold",
				Threshold: -1,
			}
		},
		"settings.eligibility.age too_large":  func(s *round.Settings) { s.Eligibility.Age = 101 },
		"settings.eligibility.moment unknown": func(s *round.Settings) { s.Eligibility.Moment = "birth" },
		"settings.final_ballots not_allowed":  func(s *round.Settings) { s.FinalBallots = false },
		"settings.openings_from too_small":    func(s *round.Settings) { s.OpeningsFrom = -1 },
		"settings.openings_from too_large":    func(s *round.Settings) { s.OpeningsFrom = 1001 },
		"settings.rule.utility unknown": func(s *round.Settings) {
			s.Rule = round.Rule{Rule: "equal-shares", Utility: "joy"}
		},
		"settings.areas[0].rule.completion unknown": func(s *round.Settings) {
			s.Areas[0].Rule = &round.Rule{Rule: "equal-shares", Completion: "add2"}
		},
	} {
		s := settings()
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		spoil(&s)
		if got := one(t, s.Check()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	var empty round.Settings
	if err := empty.Check(); domain.KindOf(err) != domain.Invalid {
		t.Error("a round of nothing")
	}
}

func settings() round.Settings {
	return round.Settings{
		Areas: []round.Area{
			{ID: "a", Name: domain.Text{Fi: "A"}, Pot: domain.Euros(5)},
			{ID: "b", Name: domain.Text{Fi: "B"}, Pot: domain.Euros(7)},
		},
		Papers: []round.Paper{paper("main", "a", "b")}, Rule: round.Rule{Rule: "greedy"},
		Eligibility: round.Eligibility{Age: 13, Moment: round.AtVoting}, FinalBallots: true,
	}
}

func paper(id string, areas ...string) round.Paper {
	return round.Paper{
		ID:    id,
		Name:  domain.Text{Fi: "Lippu"},
		Areas: areas,
		Form:  ballot.Form{Kind: ballot.Approval, Min: 1, Max: 3},
	}
}

func TestTimesThatCannotBe(t *testing.T) {
	day := func(month time.Month) time.Time { return time.Date(2026, month, 1, 0, 0, 0, 0, time.UTC) }
	year := func(y int) time.Time { return time.Date(y, 6, 1, 0, 0, 0, 0, time.UTC) }
	good := round.Times{
		Proposing: round.Window{
			Opens:  day(1),
			Closes: day(2),
		}, Vetting: round.Window{Opens: day(1), Closes: day(4)}, Voting: round.Window{Opens: day(4), Closes: day(5)},
	}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for want, spoil := range map[string]func(*round.Times){
		"times.proposing.closes not_after_opening": func(w *round.Times) { w.Proposing.Closes = w.Proposing.Opens },
		"times.voting.closes not_after_opening":    func(w *round.Times) { w.Voting.Closes = w.Voting.Opens.Add(-1) },
		"times.vetting.opens before_proposing":     func(w *round.Times) { w.Vetting.Opens = w.Proposing.Opens.Add(-1) },
		"times.voting.opens before_vetting_ends":   func(w *round.Times) { w.Voting.Opens = w.Vetting.Closes.Add(-1) },
		"times.proposing.opens too_early":          func(w *round.Times) { w.Proposing.Opens = year(1999) },
		"times.voting.closes too_late":             func(w *round.Times) { w.Voting.Closes = year(2101) },
	} {
		spoilt := good
		spoil(&spoilt)
		if got := one(t, spoilt.Check()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
