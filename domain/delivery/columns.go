package delivery

import (
	"osbu/domain"
	"osbu/domain/sheet"
)

// toolPhase is a phase of the city's programming tool.
type toolPhase struct {
	name string // as the tool's own pages call it
	ours Phase  // empty: what the tool calls so says nothing of ours
}

// toolPhases are those of Helsinki's programming tool by its identifiers
// (City-of-Helsinki/infraohjelmointi-api, phase map of its importer). Its last
// one is finished and maintained: it does not end a warranty here.
var toolPhases = map[string]toolPhase{
	"proposal":         {"1. Hanke-ehdotus", ""},
	"design":           {"1.5 Yleissuunnittelu", Planning},
	"programming":      {"2. Ohjelmointi", ""},
	"draftInitiation":  {"3. Katu- ja puistosuunnittelun aloitus/suunnitelmaluonnos", Planning},
	"draftApproval":    {"4. Katu- / puistosuunnitelmaehdotus ja hyväksyminen", Planning},
	"constructionPlan": {"5. Rakennussuunnitelma", Planning},
	"constructionWait": {"6. Odottaa rakentamista", Procurement},
	"construction":     {"7. Rakentaminen", Building},
	"warrantyPeriod":   {"8. Takuuaika", Warranty},
	"completed":        {"9. Valmis / ylläpidossa", Done},
}

// toolOrder is in what order they are offered.
var toolOrder = []string{
	"proposal", "design", "programming", "draftInitiation", "draftApproval", "constructionPlan", "constructionWait",
	"construction", "warrantyPeriod", "completed",
}

var phaseNames = map[Phase]domain.Text{
	Codevelopment: {Fi: "Yhteiskehittäminen", Sv: "Samutveckling", En: "Working it out together"},
	Planning:      {Fi: "Suunnittelu", Sv: "Planering", En: "Planning"},
	Procurement:   {Fi: "Hankinta", Sv: "Upphandling", En: "Procurement"},
	Building:      {Fi: "Rakentaminen", Sv: "Byggande", En: "Building"},
	Done:          {Fi: "Valmis", Sv: "Färdigt", En: "Done"},
	Warranty:      {Fi: "Takuuaika", Sv: "Garantitid", En: "Warranty"},
}

// The columns of a sheet of deliveries that are no dates.
const (
	colProject  = "project"
	colSite     = "site"
	colTitle    = "title"
	colExternal = "external"
	colPhase    = "phase"
	colPaid     = "paid"
)

// columns are those of a sheet that is written here; what the programming tool
// calls the same is read as well.
func columns() []sheet.Field {
	fields := []sheet.Field{
		{Path: colProject, Name: domain.Text{Fi: "Hankkeen numero", Sv: "Projektets nummer", En: "Number of the project"}},
		{Path: colSite, Name: domain.Text{Fi: "Paikan numero", Sv: "Platsens nummer", En: "Number of the site"}},
		{
			Path: colTitle, Name: domain.Text{Fi: "Hanke", Sv: "Projekt", En: "Project"},
			Also: []string{"name", "Hankkeen nimi"},
		},
		{
			Path: colExternal,
			Name: domain.Text{
				Fi: "Ohjelmointityökalun tunnus", Sv: "Programmeringsverktygets id", En: "Id in the programming tool",
			},
			Also: []string{"hkrId", "PW hanketunnus"},
		},
		{Path: colPhase, Name: domain.Text{Fi: "Vaihe", Sv: "Skede", En: "Phase"}, Also: []string{"Hankkeen vaihe"}},
	}
	for _, p := range Phases {
		name := phaseNames[p]
		fields = append(fields,
			sheet.Field{Path: "promised." + string(p), Name: domain.Text{
				Fi: name.Fi + ": luvattu", Sv: name.Sv + ": utlovat", En: name.En + ": promised",
			}, Also: toolDates[p]},
			sheet.Field{Path: "actual." + string(p), Name: domain.Text{
				Fi: name.Fi + ": alkoi", Sv: name.Sv + ": började", En: name.En + ": began",
			}})
	}
	return append(fields, sheet.Field{
		Path: colPaid,
		Name: domain.Text{Fi: "Maksettu yhteensä, euroa", Sv: "Betalt totalt, euro", En: "Paid in all, euros"},
		Also: []string{"realizedCost", "Toteutuneet kustannukset"},
	})
}

// toolDates are what the programming tool calls the day that a phase is to
// begin on.
var toolDates = map[Phase][]string{
	Planning: {"estPlanningStart", "Suunnittelun aloitus"},
	Building: {"estConstructionStart", "Rakentamisen aloitus"},
	Done:     {"estConstructionEnd", "Rakentamisen lopetus"},
	Warranty: {"estWarrantyPhaseStart", "Takuuajan aloitus"},
}

// phaseOptions are what a cell may say of a phase.
func phaseOptions() map[string][]sheet.Option {
	var all []sheet.Option
	for _, p := range Phases {
		all = append(all, sheet.Option{ID: string(p), Name: phaseNames[p]})
	}
	for _, id := range toolOrder {
		all = append(all, sheet.Option{ID: id, Name: domain.Text{Fi: toolPhases[id].name}})
	}
	return map[string][]sheet.Option{colPhase: all}
}
