package city

import (
	"net/url"

	"osbu/domain"
)

// Law is what the pages on privacy and accessibility have to name; what a city
// does not give, they say in general words.
type Law struct {
	// Controller is who answers for the data, with its address (GDPR, Article
	// 13(1)(a)), and Basis on what they are processed (13(1)(c)).
	Controller domain.Text `json:"controller"`
	Basis      domain.Text `json:"basis"`
	Officer    Contact     `json:"officer"` // the data protection officer (13(1)(b))
	// Supervisor is to whom people complain of bad access (the Finnish Act
	// 306/2019, §12).
	Supervisor Supervisor `json:"supervisor"`
}

// Supervisor is an authority.
type Supervisor struct {
	Contact
	Name domain.Text `json:"name"`
}

// Guides are films that tell how to take part, by their addresses.
type Guides struct {
	Film   string `json:"film"`
	Signed string `json:"signed"` // in sign language
}

func (l Law) problems() (found []string) {
	for _, text := range []struct {
		name string
		of   domain.Text
	}{
		{"controller", l.Controller}, {"basis", l.Basis}, {"supervisor.name", l.Supervisor.Name},
	} {
		if text.of != (domain.Text{}) && !inAll(text.of) {
			found = append(found, text.name+": want it in fi, sv and en, or not at all")
		}
	}
	for _, contact := range []struct {
		name string
		of   Contact
	}{
		{"officer", l.Officer}, {"supervisor", l.Supervisor.Contact},
	} {
		if contact.of == (Contact{}) {
			continue
		}
		for _, problem := range contact.of.problems() {
			found = append(found, contact.name+": "+problem)
		}
	}
	if l.Supervisor.Contact != (Contact{}) && l.Supervisor.Name == (domain.Text{}) {
		found = append(found, "supervisor.name: want the authority's name in fi, sv and en")
	}
	return found
}

func (g Guides) problems() (found []string) {
	for name, address := range map[string]string{"film": g.Film, "signed": g.Signed} {
		if address != "" && !isHTTPS(address) {
			found = append(found, name+": want its address, https://…")
		}
	}
	return found
}

func isHTTPS(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Scheme == "https" && u.Host != ""
}
