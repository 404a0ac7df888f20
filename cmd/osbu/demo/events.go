package demo

import (
	"time"

	"osbu/domain"
	"osbu/domain/event"
	"osbu/domain/proposal/desk"
)

// Meeting is an event of the demo: some days from today, at hours of the city's
// clock.
type Meeting struct {
	event.Text
	Days       []int
	From, To   int         // hours
	Taken      bool        // a resident has a seat
	CalledOff  domain.Text // why it is cancelled
	Unfinished bool        // a draft
}

// At gives the meeting's times.
func (m Meeting) At(today time.Time) (times []event.Time) {
	year, month, day := today.Date()
	for _, d := range m.Days {
		times = append(times, event.Time{
			Begins: time.Date(
				year,
				month,
				day+d,
				m.From,
				0,
				0,
				0,
				today.Location(),
			), Ends: time.Date(year, month, day+d, m.To, 0, 0, 0, today.Location()),
		})
	}
	return times
}

// VotingPlaces are where one can vote at a place.
func VotingPlaces() []Meeting {
	days := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	about := domain.Text{
		Fi: "Tule äänestämään paikan päällä. Ota mukaan henkilöllisyystodistus. Henkilökunta auttaa, mutta ei näe " +
			"valintaasi.",
		Sv: "Kom och rösta på plats. Ta med en identitetshandling. Personalen hjälper men ser inte ditt val.",
		En: "Come and vote at a place. Bring proof of your identity. The staff help, but do not see your choice.",
	}
	return []Meeting{
		{Text: event.Text{
			Kind: event.Voting, Area: "central",
			Title: domain.Text{Fi: "Äänestä Kalliossa", Sv: "Rösta i Berghäll", En: "Vote in Kallio"}, About: about,
			Place: "Kallion kirjasto", Address: "Viides linja 11", Point: &domain.Point{Latitude: 60.1838, Longitude: 24.9535},
			Languages: []event.Language{
				"fi",
				"sv",
				"en",
				"so",
			}, Access: []event.Access{"step_free", "toilet", "induction_loop"},
			AccessNote: domain.Text{Fi: "Pääovelle on luiska.", Sv: "Det finns en ramp till huvuddörren."},
		}, Days: days, From: 9, To: 19},
		{Text: event.Text{
			Kind: event.Voting, Area: "eastern",
			Title: domain.Text{Fi: "Äänestä Itiksessä", Sv: "Rösta i Itis", En: "Vote in Itis"}, About: about,
			Place: "Kulttuurikeskus Stoa", Address: "Turunlinnantie 1",
			Point: &domain.Point{Latitude: 60.2112, Longitude: 25.0822},
			Languages: []event.Language{
				"fi",
				"sv",
				"ru",
				"et",
			}, Access: []event.Access{"step_free", "toilet", "parking", "sign_language"},
		}, Days: days, From: 10, To: 18},
	}
}

// Meetings are where people come together while they propose.
func Meetings() []Meeting {
	return []Meeting{
		{Text: event.Text{
			Kind: event.Workshop, Area: "central",
			Title: domain.Text{Fi: "Ideasta ehdotukseksi", Sv: "Från idé till förslag", En: "From an idea to a proposal"},
			About: domain.Text{
				Fi: "Kirjoitetaan ehdotuksia yhdessä. Et tarvitse valmista ideaa etkä omaa tietokonetta.\n\nTarjolla kahvia ja " +
					"teetä.",
				Sv: "Vi skriver förslag tillsammans. Du behöver varken en färdig idé eller en egen dator.\n\nDet bjuds på kaffe " +
					"och te.", En: "We write proposals together. You need neither a finished idea nor a computer of your own.",
			},
			Place: "Kallion kirjasto", Address: "Viides linja 11", Point: &domain.Point{Latitude: 60.1838, Longitude: 24.9535},
			Languages: []event.Language{
				"fi",
				"sv",
			}, Access: []event.Access{"step_free", "toilet", "induction_loop"}, Seats: 12,
		}, Days: []int{6}, From: 17, To: 19, Taken: true},
		{Text: event.Text{
			Kind: event.Evening, Area: "southern",
			Title: domain.Text{Fi: "Eteläisen Helsingin asukasilta", Sv: "Invånarkväll i södra Helsingfors"},
			About: domain.Text{
				Fi: "Mitä lähiympäristöstäsi puuttuu? Stadiluotsit ja kaupungin asiantuntijat ovat paikalla.",
				Sv: "Vad saknas i din närmiljö? Stadslotsarna och stadens experter är på plats.",
			},
			Place: "Rikhardinkadun kirjasto", Address: "Rikhardinkatu 3",
			Point:     &domain.Point{Latitude: 60.1663, Longitude: 24.9448},
			Languages: []event.Language{"fi", "sv"}, Access: []event.Access{"step_free", "speech_to_text"},
		}, Days: []int{9, 16}, From: 18, To: 20},
		{Text: event.Text{
			Kind: event.Workshop, Area: "central",
			Title: domain.Text{Fi: "Työpaja somaliksi", Sv: "Verkstad på somaliska", En: "Workshop in Somali"},
			About: domain.Text{
				Fi: "Ehdotuksia somalin kielellä. Tulkki paikalla.",
				Sv: "Förslag på somaliska. Tolk på plats.",
				En: "Proposals in Somali. An interpreter is there.",
			},
			Place: "Pasilan kirjasto", Address: "Kellosilta 9", Point: &domain.Point{Latitude: 60.2003, Longitude: 24.9345},
			Languages: []event.Language{
				"so",
				"fi",
			}, Access: []event.Access{"step_free", "toilet", "quiet_space"}, Seats: 20,
		}, Days: []int{12}, From: 16, To: 18},
		{
			Text: event.Text{
				Kind: event.Evening, Area: "central",
				Title: domain.Text{Fi: "Keskisen Helsingin asukasilta", Sv: "Invånarkväll i mellersta Helsingfors"},
				About: domain.Text{
					Fi: "Tule kuulemaan, mitä alueellasi on ehdotettu.",
					Sv: "Kom och hör vad som har föreslagits i ditt område.",
				}, Place: "Kallion kulttuurikeskus", Address: "Toinen linja 6",
				Languages: []event.Language{"fi"}, Access: []event.Access{"step_free"}, Seats: 60,
			}, Days: []int{4}, From: 18, To: 20,
			CalledOff: domain.Text{
				Fi: "Tilassa on vesivahinko. Uusi aika kerrotaan täällä.",
				Sv: "Lokalen har en vattenskada. En ny tid meddelas här.",
			},
		},
		{
			Text:       event.Text{Kind: event.Other, Area: "central", Title: domain.Text{Fi: "Kävely Vallilassa"}},
			Days:       []int{20},
			From:       12,
			To:         14,
			Unfinished: true,
		},
	}
}

// Help are occasions of help in a district, each so many times.
func Help() map[desk.Contact]int {
	help := map[desk.Contact]int{}
	for _, c := range []struct {
		area, channel, topic, language string
		minutes, times                 int
	}{
		{"central", "phone", "idea", "fi", 15, 9},
		{"central", "event", "writing", "fi", 20, 14},
		{"central", "event", "writing", "other", 25, 11},
		{"southern", "email", "place", "fi", 10, 8},
		{"southern", "phone", "cost", "sv", 15, 7},
		{"eastern", "counter", "idea", "fi", 20, 6},
		{"northern", "phone", "idea", "fi", 10, 2},
	} {
		help[desk.Contact{
			Area: c.area, Channel: desk.Channel(c.channel), Topic: desk.Topic(c.topic), Language: c.language,
			Minutes: c.minutes,
		}] = c.times
	}
	return help
}
