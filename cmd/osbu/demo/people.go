// Package demo is what the demo round is made of: invented people of every
// role, projects and proposals.
package demo

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"osbu/domain"
)

// Person is somebody the demo sign-in offers. Claims are what the provider says
// of her, by the default names of the settings.
type Person struct {
	Sub    string         `json:"sub"`
	Name   string         `json:"name"`
	About  domain.Text    `json:"about"`
	Role   string         `json:"role"`
	Claims map[string]any `json:"claims"`

	born   time.Time
	area   string // on the roll; empty: no address there
	onRoll bool
}

// RollLine is the person's line of the roll, for RollHeader; empty if she is
// not on it.
func (p Person) RollLine() string {
	if !p.onRoll {
		return ""
	}
	protected := "no"
	if p.Claims["protected"] == true {
		protected = "yes"
	}
	return strings.Join(
		[]string{p.code(), p.born.Format(time.DateOnly), p.Claims["municipality_code"].(string), p.area, protected},
		",",
	) + "\n"
}

// RollHeader are the columns of RollLine.
const RollHeader = "identity_code,birth_date,municipality,area,protected\n"

func (p Person) code() string {
	code, _ := p.Claims["national_id_num"].(string)
	return code
}

// People are the demo people for a vote that opens at this moment; the same
// moment gives the same people. Their identity codes are of the range 900–999,
// which is never given to anybody.
func People(opens time.Time) []Person {
	years := func(n int) time.Time { return opens.AddDate(-n, -2, -3) }
	resident := func(sub, name, fi, sv, en string, born time.Time, area, postal string) Person {
		return Person{
			Sub: sub, Name: name, About: domain.Text{Fi: fi, Sv: sv, En: en}, Role: "resident", born: born, area: area,
			onRoll: true,
			Claims: map[string]any{"name": name, "locale": "fi", "municipality_code": "091", "postal_code": postal},
		}
	}
	staff := func(sub, name, role, fi, sv, en string, areas ...string) Person {
		return Person{
			Sub: sub, Name: name, About: domain.Text{Fi: fi, Sv: sv, En: en}, Role: role,
			Claims: map[string]any{"name": name, "locale": "fi", "roles": []string{role}, "areas": areas},
		}
	}
	people := []Person{
		resident(
			"aino",
			"Aino Virtanen",
			"asukas, Kallio (keskinen)",
			"invånare, Berghäll (mellersta)",
			"resident of Kallio (central)",
			years(34),
			"central",
			"00530",
		),
		resident(
			"eero",
			"Eero Mäkelä",
			"asukas, 91 v, Vuosaari (itäinen)",
			"invånare, 91 år, Nordsjö (östra)",
			"resident, 91, of Vuosaari (eastern)",
			years(91),
			"eastern",
			"00980",
		),
		resident(
			"astrid",
			"Astrid Lindholm",
			"ruotsinkielinen asukas (eteläinen)",
			"svenskspråkig invånare (södra)",
			"Swedish-speaking resident (southern)",
			years(45),
			"southern",
			"00150",
		),
		resident(
			"malik",
			"Malik Hassan",
			"asukas, Malmi (koillinen)",
			"invånare, Malm (nordöstra)",
			"resident of Malmi (northeastern)",
			years(22),
			"northeastern",
			"00700",
		),
		resident(
			"vaino",
			"Väinö Korhonen",
			"12-vuotias, ei vielä äänioikeutta",
			"12 år, har inte rösträtt än",
			"12 years old, may not vote yet",
			opens.AddDate(-12, -2, -3),
			"western",
			"00400",
		),
		resident(
			"lumi",
			"Lumi Nieminen",
			"täyttää 13 kesken äänestyksen",
			"fyller 13 under omröstningen",
			"turns 13 during the vote",
			opens.AddDate(-13, 0, 5),
			"northern",
			"00640",
		),
		resident(
			"kerttu",
			"Kerttu Salo",
			"turvakielto: osoite salassa",
			"spärrmarkering: hemlig adress",
			"has a protected address",
			years(39),
			"",
			"",
		),
		resident("onni", "Onni Laine", "ei osoitetta", "ingen adress", "has no address",
			years(51), "", ""),
		resident("greta", "Greta Espling", "asuu Espoossa", "bor i Esbo", "lives in Espoo",
			years(28), "", "02100"),
		resident(
			"veikko",
			"Veikko Vieras",
			"ei äänioikeusluettelossa",
			"finns inte i rösträttsförteckningen",
			"is not on the roll",
			years(60),
			"",
			"00100",
		),
		staff(
			"leena",
			"Leena Lahti",
			"facilitator",
			"stadiluotsi: keskinen ja eteläinen",
			"stadslots: mellersta och södra",
			"facilitator: central and southern",
			"central",
			"southern",
		),
		staff(
			"sofia",
			"Sofia Berg",
			"facilitator",
			"stadiluotsi: itäinen, kaakkoinen, koillinen",
			"stadslots: östra, sydöstra, nordöstra",
			"facilitator: eastern, southeastern, northeastern",
			"eastern",
			"southeastern",
			"northeastern",
		),
		staff(
			"juha",
			"Juha Niemi",
			"facilitator",
			"stadiluotsi: läntinen ja pohjoinen",
			"stadslots: västra och norra",
			"facilitator: western and northern",
			"western",
			"northern",
		),
		staff(
			"expert",
			"Ilona Insinööri",
			"expert",
			"asiantuntija, kaupunkiympäristö",
			"expert, stadsmiljö",
			"expert, urban environment",
		),
		staff("official", "Olavi Virkamies", "official", "virkamies", "tjänsteman", "official"),
		staff("official-2", "Oona Ojala", "official", "toinen virkamies", "en annan tjänsteman", "another official"),
		staff("help-desk", "Tuija Tuki", "help_desk", "neuvonta", "rådgivning", "help desk"),
		staff("officer", "Oili Oksanen", "officer", "äänestysvirkailija", "röstningsfunktionär", "officer at voting places"),
	}
	for i := range people {
		p := &people[i]
		switch p.Sub {
		case "astrid":
			p.Claims["locale"] = "sv"
		case "expert":
			p.Claims["divisions"] = []string{"environment"}
		case "kerttu":
			p.Claims["protected"] = true
		case "greta":
			p.Claims["municipality_code"] = "049"
		case "veikko":
			p.onRoll = false
		}
		// his provider does not vouch for it
		p.Claims["email"], p.Claims["email_verified"] = p.Sub+"@example.org", p.Sub != "malik"
		if p.Role == "resident" {
			p.Claims["national_id_num"] = identityCode(p.born, 900+i)
		}
	}
	return people
}

// identityCode makes a test code: DDMMYY, the century's sign, three digits, the
// check character.
func identityCode(born time.Time, individual int) string {
	sign := map[int]string{18: "+", 19: "-", 20: "A"}[born.Year()/100]
	digits := born.Format("020106") + strconv.Itoa(individual)
	n, err := strconv.Atoi(digits)
	if err != nil {
		panic(err) // nine digits
	}
	return digits[:6] + sign + digits[6:] + string("0123456789ABCDEFHJKLMNPRSTUVWXY"[n%31])
}

// Project is a project of the demo round's ballot; costs in euros.
type Project struct {
	Area, Theme          string
	Title, Description   domain.Text
	Point                *domain.Point // nil: in no one place
	Maximum, Maintenance int64
}

//go:embed projects.json
var projects []byte

// Projects are the demo round's ballot.
func Projects() ([]Project, error) {
	var list []Project
	if err := json.Unmarshal(projects, &list); err != nil {
		return nil, fmt.Errorf("projects.json: %w", err)
	}
	return list, nil
}

// Proposal is a proposal of the demo's next round, by the demo person Author,
// and what became of it.
type Proposal struct {
	Author, Area, Theme, Title, What, Why, Place string
	Language                                     domain.Language
	Then                                         string // submit, take, ask, reject or accept
	Latitude, Longitude                          float64
	Comments                                     []Comment
}

// Comment is what the demo person Author says of a proposal.
type Comment struct{ Author, Text string }

// Proposals are what people have proposed for the next round.
func Proposals() []Proposal {
	return []Proposal{
		{
			"aino", "central", "parks", "Pörriäishotelleja Kallion pihoille",
			"Rakennetaan taloyhtiöiden kanssa hyönteishotelleja ja niittylaikkuja.",
			"Pölyttäjät vähenevät, ja lapset oppivat luonnosta omalla pihalla.",
			"Kallion ja Harjun pihat", domain.Finnish, "submit", 60.1867, 24.9553,
			[]Comment{
				{"eero", "Meidän pihassa on jo yksi, ja siinä on asukkaita!"},
				{"kerttu", "Muistattehan myös vesiastian."},
			},
		},
		{
			"aino", "central", "streets", "Hiljainen katu Fleminginkadulle",
			"Autojen läpiajo estetään kukkalaatikoilla yhden kesän ajan.", "Kadulla on paljon lapsia ja terasseja.",
			"Fleminginkatu", domain.Finnish, "take", 60.1880, 24.9605, nil,
		},
		{
			"eero", "eastern", "health", "Levähdyspenkkejä Vuosaaren rantareitille",
			"Penkki sadan metrin välein, selkänojalla.", "Vanha jalka tarvitsee lepoa, mutta meri on nähtävä.",
			"Aurinkolahdesta Uutelaan", domain.Finnish, "accept", 60.2020, 25.1500,
			[]Comment{{"aino", "Kannatan. Isoäitini kulkee tätä reittiä joka päivä."}},
		},
		{
			"astrid", "southern", "culture", "Sommarscen på Skatudden",
			"En liten scen där skolor och körer kan uppträda gratis.", "Det saknas en plats för svenskspråkig amatörkultur.",
			"Skatudden", domain.Swedish, "ask", 60.1680, 24.9660, nil,
		},
		{
			"malik", "northeastern", "sports", "Kriketkenttä Viikkiin",
			"Merkitty kenttä ja verkko.", "Krikettiä pelataan jo nyt parkkipaikoilla.",
			"Viikki", domain.Finnish, "submit", 60.2260, 25.0150, nil,
		},
		{
			"malik", "northeastern", "streets", "Ilmainen bussi Malmilta lentokentälle",
			"Uusi bussilinja.", "Työmatka on pitkä.",
			"Malmi", domain.Finnish, "reject", 0, 0, nil,
		},
	}
}
