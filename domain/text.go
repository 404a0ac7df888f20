package domain

// Language is one of fi, sv, en: Finnish and Swedish have equal standing
// (Language Act 423/2003), English always.
type Language string

// The languages.
const (
	Finnish Language = "fi"
	Swedish Language = "sv"
	English Language = "en"
)

// Name is what the language is called.
func (l Language) Name() Text {
	switch l {
	case Swedish:
		return Text{Fi: "ruotsi", Sv: "svenska", En: "Swedish"}
	case English:
		return Text{Fi: "englanti", Sv: "engelska", En: "English"}
	}
	return Text{Fi: "suomi", Sv: "finska", En: "Finnish"}
}

// Text is what was written in this language alone.
func (l Language) Text(s string) Text {
	switch l {
	case Swedish:
		return Text{Sv: s}
	case English:
		return Text{En: s}
	}
	return Text{Fi: s}
}

// Text is a text in the city's languages. A missing translation is empty and
// never hides a row.
type Text struct {
	Fi string `json:"fi"`
	Sv string `json:"sv,omitempty"`
	En string `json:"en,omitempty"`
}

// Of is what was written in this language, empty if nothing was.
func (t Text) Of(l Language) string {
	switch l {
	case Swedish:
		return t.Sv
	case English:
		return t.En
	}
	return t.Fi
}

// Set writes the text in a language.
func (t *Text) Set(l Language, s string) {
	switch l {
	case Swedish:
		t.Sv = s
	case English:
		t.En = s
	default:
		t.Fi = s
	}
}

// In is the text in a language, falling back to Finnish, then Swedish, then
// English.
func (t Text) In(l Language) string {
	preferred := map[Language]string{Finnish: t.Fi, Swedish: t.Sv, English: t.En}[l]
	for _, s := range []string{preferred, t.Fi, t.Sv, t.En} {
		if s != "" {
			return s
		}
	}
	return ""
}
