package desk

import (
	"bytes"
	"context"
	"strconv"

	"osbu/domain"
	"osbu/domain/sheet"
)

// Words of the contact log, as its page has them.
var (
	channelNames = map[Channel]domain.Text{
		"phone":   {Fi: "puhelin", Sv: "telefon", En: "phone"},
		"email":   {Fi: "sähköposti", Sv: "e-post", En: "e-mail"},
		"chat":    {Fi: "chat", Sv: "chatt", En: "chat"},
		"counter": {Fi: "palvelupiste", Sv: "serviceställe", En: "at a counter"},
		"event":   {Fi: "tapahtuma", Sv: "evenemang", En: "at an event"},
	}
	topicNames = map[Topic]domain.Text{
		"idea":     {Fi: "idea", Sv: "idé", En: "an idea"},
		"writing":  {Fi: "ehdotuksen kirjoittaminen", Sv: "att skriva förslaget", En: "writing the proposal"},
		"place":    {Fi: "paikka", Sv: "platsen", En: "the place"},
		"cost":     {Fi: "kustannukset", Sv: "kostnader", En: "the cost"},
		"decision": {Fi: "päätös", Sv: "beslutet", En: "the decision"},
		"voting":   {Fi: "äänestäminen", Sv: "att rösta", En: "voting"},
		"other":    {Fi: "muu", Sv: "annat", En: "something else"},
	}
	otherLanguage = domain.Text{Fi: "muu kieli", Sv: "annat språk", En: "another language"}

	contactHeads = []domain.Text{
		{Fi: "Aika", Sv: "Tid", En: "Time"},
		{Fi: "Alue", Sv: "Område", En: "Area"},
		{Fi: "Ehdotus", Sv: "Förslag", En: "Proposal"},
		{Fi: "Kanava", Sv: "Kanal", En: "How"},
		{Fi: "Aihe", Sv: "Ämne", En: "About what"},
		{Fi: "Kieli", Sv: "Språk", En: "Language"},
		{Fi: "Kesto minuutteina", Sv: "Tid i minuter", En: "Minutes"},
		{Fi: "Kirjannut", Sv: "Antecknad av", En: "Noted by"},
		{Fi: "Yliviivannut", Sv: "Överstruken av", En: "Struck out by"},
	}
)

// ExportContacts is the contact log as Contacts shows it, at most mostExported
// of it, for a spreadsheet: whoever may see the log.
func (s *Service) ExportContacts(
	ctx context.Context,
	actor domain.Actor,
	roundID string,
	format sheet.Format,
	language domain.Language,
) ([]byte, error) {
	contacts, err := s.contacts(ctx, actor, roundID, mostExported)
	if err != nil {
		return nil, err
	}
	r, err := s.c.Round(ctx, actor, roundID)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{Name: domain.Text{Fi: "Yhteydenotot", Sv: "Kontakter", En: "Contacts"}.In(language)}
	for _, head := range contactHeads {
		t.Head = append(t.Head, head.In(language))
	}
	for _, c := range contacts {
		area, _ := r.Settings.Area(c.Area)
		about, spoken := "", otherLanguage.In(language)
		if c.Proposal != 0 {
			about = strconv.FormatInt(c.Proposal, 10)
		}
		if c.Language != "other" {
			spoken = domain.Language(c.Language).Name().In(language)
		}
		t.Rows = append(t.Rows, sheet.Row{Cells: []string{
			c.At.In(s.c.TimeZone).Format("2006-01-02 15:04"), area.Name.In(language), about,
			channelNames[c.Channel].In(language), topicNames[c.Topic].In(language), spoken,
			strconv.Itoa(c.Minutes), c.By.Name, c.StruckBy,
		}})
	}
	var file bytes.Buffer
	err = sheet.Write(&file, format, t)
	return file.Bytes(), err
}
