package desk

import (
	"osbu/domain"
	"osbu/domain/proposal"
)

// Standard is the checklist, the templates and the divisions of a round for
// which nobody has set others: those of Helsinki (Administrative Regulations,
// chapter 5).
func Standard() Desk {
	return Desk{
		Checklist: []Check{
			{
				"competence",
				domain.Text{
					Fi: "Kuuluuko asia kaupungin tehtäviin?",
					Sv: "Hör saken till stadens uppgifter?",
					En: "Is it among the city’s tasks?",
				},
			},
			{
				"legality",
				domain.Text{
					Fi: "Sallivatko laki ja kaava tämän?",
					Sv: "Tillåter lagen och detaljplanen detta?",
					En: "Do the law and the plan allow it?",
				},
			},
			{
				"one-off",
				domain.Text{
					Fi: "Onko tämä kertaluonteinen hanke?",
					Sv: "Är det ett engångsprojekt?",
					En: "Is it a one-off project?",
				},
			},
			{
				"place",
				domain.Text{
					Fi: "Onko paikka kaupungin ja vapaa?",
					Sv: "Är platsen stadens och ledig?",
					En: "Is the place the city’s, and free?",
				},
			},
			{
				"value",
				domain.Text{
					Fi: "Onko tästä hyötyä muillekin kuin ehdottajalle?",
					Sv: "Är det till nytta för andra än förslagsställaren?",
					En: "Does it serve others than its author?",
				},
			},
			{
				"cost",
				domain.Text{
					Fi: "Riittääkö alueen raha?",
					Sv: "Räcker områdets pengar?",
					En: "Is the area’s money enough?",
				},
			},
		},
		Templates: []Template{
			{
				proposal.NotCityCompetence,
				domain.Text{
					Fi: "Kiitos ehdotuksesta. Asiasta päättää toinen viranomainen tai yritys, joten kaupunki ei voi toteuttaa sitä " +
						"osallistuvan budjetoinnin rahalla.",
					Sv: "Tack för förslaget. En annan myndighet eller ett företag beslutar om saken, så staden kan inte genomföra " +
						"den med pengar från den deltagande budgeteringen.",
				},
			},
			{proposal.Unlawful, domain.Text{
				Fi: "Kiitos ehdotuksesta. Laki tai asemakaava ei salli tätä.",
				Sv: "Tack för förslaget. Lagen eller detaljplanen tillåter inte detta.",
			}},
			{
				proposal.NotOneOff,
				domain.Text{
					Fi: "Kiitos ehdotuksesta. Osallistuvan budjetoinnin rahalla voi tehdä kertaluonteisia hankkeita. Tämä vaatisi " +
						"jatkuvaa rahoitusta.",
					Sv: "Tack för förslaget. Med pengar från den deltagande budgeteringen kan man göra engångsprojekt. Detta " +
						"skulle kräva fortlöpande finansiering.",
				},
			},
			{proposal.OutsideArea, domain.Text{
				Fi: "Kiitos ehdotuksesta. Paikka ei ole kaupungin omistuksessa, joten kaupunki ei voi rakentaa siihen.",
				Sv: "Tack för förslaget. Staden äger inte platsen och kan därför inte bygga där.",
			}},
			{proposal.TooExpensive, domain.Text{
				Fi: "Kiitos ehdotuksesta. Arvioimme, että sen toteuttaminen maksaisi enemmän kuin alueella on rahaa.",
				Sv: "Tack för förslaget. Vi uppskattar att det skulle kosta mer än vad området har pengar till.",
			}},
			{proposal.AlreadyPlanned, domain.Text{
				Fi: "Kiitos ehdotuksesta. Hyvä uutinen on, että kaupunki on jo tekemässä tätä muulla rahalla.",
				Sv: "Tack för förslaget. Den goda nyheten är att staden redan håller på med detta med andra medel.",
			}},
			{proposal.Duplicate, domain.Text{
				Fi: "Kiitos ehdotuksesta. Samasta asiasta on jo ehdotus, jonka käsittelyä jatkamme.",
				Sv: "Tack för förslaget. Det finns redan ett förslag om samma sak, och vi fortsätter att behandla det.",
			}},
			{
				proposal.NotFeasible,
				domain.Text{
					Fi: "Kiitos ehdotuksesta. Selvitimme asiaa, eikä tätä voi toteuttaa ehdotetussa paikassa.",
					Sv: "Tack för förslaget. Vi har utrett saken, och det går inte att genomföra på den föreslagna platsen.",
				},
			},
		},
		Divisions: []Division{
			{"environment", domain.Text{Fi: "Kaupunkiympäristö", Sv: "Stadsmiljö", En: "Urban environment"}},
			{"culture", domain.Text{Fi: "Kulttuuri ja vapaa-aika", Sv: "Kultur och fritid", En: "Culture and leisure"}},
			{"education", domain.Text{Fi: "Kasvatus ja koulutus", Sv: "Fostran och utbildning", En: "Education"}},
			{
				"social",
				domain.Text{
					Fi: "Sosiaali-, terveys- ja pelastustoimi",
					Sv: "Social-, hälsovårds- och räddningsväsendet",
					En: "Social services, health care and rescue",
				},
			},
			{"executive", domain.Text{Fi: "Kaupunginkanslia", Sv: "Stadskansliet", En: "City Executive Office"}},
		},
	}
}
