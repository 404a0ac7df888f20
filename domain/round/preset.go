package round

import (
	"maps"
	"slices"

	"osbu/domain"
	"osbu/domain/ballot"
)

// usualOpenings and usualSealing protect a round's ballots if its settings say
// nothing else.
const usualOpenings = 100

var usualSealing = Sealing{Trustees: 3, Needed: 2}

// Preset is the name of ready-made settings.
type Preset string

// The presets.
const (
	// one paper, one area of the voter's own choice, 1–5 picks, 13 at the moment
	// of voting
	Helsinki2026 Preset = "helsinki-2026"
	// two papers, own district and the whole city, knapsack, 12 during the
	// calendar year
	Helsinki2021 Preset = "helsinki-2021"
	WholeCity    Preset = "whole-city" // one area, one paper, 1–5 picks, 13 at the moment of voting: for any city
)

// Presets are all names, sorted.
func Presets() []Preset { return slices.Sorted(maps.Keys(presets)) }

// Settings makes a preset's settings anew, or Invalid for an unknown name.
func (p Preset) Settings() (Settings, error) {
	build, ok := presets[p]
	if !ok {
		return Settings{}, domain.Problems{{Path: "preset", Code: "unknown"}}.Err()
	}
	return build(), nil
}

var presets = map[Preset]func() Settings{
	Helsinki2026: helsinki2026,
	Helsinki2021: helsinki2021,
	WholeCity:    wholeCity,
}

// greedyRule builds what most people want first, as long as the money is
// enough: nothing that nobody voted for, and one of projects that exclude each
// other.
func greedyRule() Rule {
	return Rule{Rule: "greedy-threshold", Threshold: 1, RespectConflicts: true}
}

// wholeCity names no municipality: the city does. Its themes are Helsinki's,
// which fit anywhere.
func wholeCity() Settings {
	areas := []Area{{
		ID:       "whole-city",
		Name:     domain.Text{Fi: "Koko kaupunki", Sv: "Hela staden", En: "Whole city"},
		Pot:      domain.Euros(100_000),
		Citywide: true,
	}}
	return Settings{
		Areas: areas,
		Papers: []Paper{{
			ID:    "ballot",
			Name:  domain.Text{Fi: "Äänestyslippu", Sv: "Röstsedel", En: "Voting paper"},
			Areas: ids(areas),
			Form:  ballot.Form{Kind: ballot.Approval, Min: 1, Max: 5},
		}},
		Rule:               greedyRule(),
		Eligibility:        Eligibility{Age: 13, Moment: AtVoting},
		ReserveMaintenance: true,
		FinalBallots:       true,
		OpeningsFrom:       usualOpenings,
		Sealing:            usualSealing,
		Themes:             helsinkiThemes(),
	}
}

func helsinki2026() Settings {
	areas := helsinkiAreas()
	return Settings{
		Areas: areas,
		Papers: []Paper{{
			ID:    "ballot",
			Name:  domain.Text{Fi: "Äänestyslippu", Sv: "Röstsedel", En: "Voting paper"},
			Areas: ids(areas),
			Form:  ballot.Form{Kind: ballot.Approval, Min: 1, Max: 5},
		}},
		Rule:               greedyRule(),
		Eligibility:        Eligibility{Age: 13, Moment: AtVoting, Municipalities: []string{"091"}},
		ReserveMaintenance: true,
		FinalBallots:       true,
		OpeningsFrom:       usualOpenings,
		Sealing:            usualSealing,
		Themes:             helsinkiThemes(),
	}
}

// helsinki2021 splits 8.8 M€: one fifth for the whole city, the rest by
// population, for which the pots of 2026 stand (they were split so).
func helsinki2021() Settings {
	areas := helsinkiAreas()
	for i := range areas {
		areas[i].Population = int(areas[i].Pot / 100)
	}
	districts := ids(areas)
	s := Settings{
		Areas: append(
			areas,
			Area{
				ID:       "whole-city",
				Name:     domain.Text{Fi: "Koko kaupunki", Sv: "Hela staden", En: "Whole city"},
				Citywide: true,
			},
		),
		Papers: []Paper{
			{
				ID:    "district",
				Name:  domain.Text{Fi: "Oma alue", Sv: "Eget område", En: "Own area"},
				Areas: districts,
				Form:  ballot.Form{Kind: ballot.Knapsack, Min: 1, Max: 1000},
			},
			{
				ID:    "whole-city",
				Name:  domain.Text{Fi: "Koko kaupunki", Sv: "Hela staden", En: "Whole city"},
				Areas: []string{"whole-city"},
				Form:  ballot.Form{Kind: ballot.Knapsack, Min: 1, Max: 1000},
			},
		},
		Rule:               greedyRule(),
		Eligibility:        Eligibility{Age: 12, Moment: InCalendarYear, Municipalities: []string{"091"}},
		ReserveMaintenance: true,
		FinalBallots:       true,
		OpeningsFrom:       usualOpenings,
		Sealing:            usualSealing,
		Themes:             helsinkiThemes(),
	}
	if err := s.Allot(domain.Euros(8_800_000)); err != nil {
		panic(err) // constants above
	}
	return s
}

// helsinkiAreas are the major districts with the pots of 2026. Postal codes do
// not follow district borders: each stands with the district that most of it
// lies in, and only suggests.
func helsinkiAreas() []Area {
	area := func(id, fi, sv, en string, euros int64, codes ...string) Area {
		return Area{ID: id, Name: domain.Text{Fi: fi, Sv: sv, En: en}, Pot: domain.Euros(euros), PostalCodes: codes}
	}
	return []Area{
		area(
			"southern",
			"Eteläinen",
			"Södra",
			"Southern",
			1_868_353,
			"00100",
			"00120",
			"00130",
			"00140",
			"00150",
			"00160",
			"00170",
			"00180",
			"00190",
			"00200",
			"00210",
			"00220",
			"00250",
			"00260",
		),
		area(
			"western",
			"Läntinen",
			"Västra",
			"Western",
			1_723_412,
			"00270",
			"00280",
			"00290",
			"00300",
			"00310",
			"00320",
			"00330",
			"00340",
			"00350",
			"00360",
			"00370",
			"00380",
			"00390",
			"00400",
			"00410",
			"00420",
			"00430",
			"00440",
		),
		area("central", "Keskinen", "Mellersta", "Central", 1_572_408,
			"00230", "00240", "00500", "00510", "00520", "00530", "00540", "00550", "00560", "00580", "00600", "00610"),
		area("northern", "Pohjoinen", "Norra", "Northern", 665_977,
			"00620", "00630", "00640", "00650", "00660", "00670", "00680", "00690"),
		area("northeastern", "Koillinen", "Nordöstra", "Northeastern", 1_531_569,
			"00700", "00710", "00720", "00730", "00740", "00750", "00760", "00770", "00780", "00790"),
		area("southeastern", "Kaakkoinen", "Sydöstra", "Southeastern", 882_799,
			"00570", "00590", "00800", "00810", "00820", "00830", "00840", "00850", "00860", "00870"),
		area("eastern", "Itäinen ja Östersundom", "Östra och Östersundom", "Eastern and Östersundom", 1_755_482,
			"00880", "00890", "00900", "00910", "00920", "00930", "00940", "00950", "00960", "00970", "00980", "00990"),
	}
}

func helsinkiThemes() []Theme {
	theme := func(id, fi, sv, en string) Theme { return Theme{ID: id, Name: domain.Text{Fi: fi, Sv: sv, En: en}} }
	return []Theme{
		theme("parks", "Puistot ja luonto", "Parker och natur", "Parks and nature"),
		theme("sports", "Liikunta ja ulkoilu", "Idrott och friluftsliv", "Sports and outdoors"),
		theme("culture", "Kulttuuri", "Kultur", "Culture"),
		theme("community", "Yhteisöllisyys", "Gemenskap", "Community"),
		theme("learning", "Oppiminen ja taidot", "Lärande och färdigheter", "Learning and skills"),
		theme("streets", "Kadut ja rakennettu ympäristö", "Gator och byggd miljö", "Streets and built environment"),
		theme("ecology", "Ekologisuus", "Ekologi", "Ecology"),
		theme("health", "Terveys ja hyvinvointi", "Hälsa och välfärd", "Health and wellbeing"),
	}
}

func ids(areas []Area) []string {
	out := make([]string, len(areas))
	for i, a := range areas {
		out[i] = a.ID
	}
	return out
}
