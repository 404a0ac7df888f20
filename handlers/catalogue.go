package handlers

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"osbu/domain"
	"osbu/domain/record"
	"osbu/domain/round"
	"osbu/handlers/api"
)

// dataSet is one kind of open data and how it is explained to people.
type dataSet struct {
	ID      string      `json:"id"`
	Title   domain.Text `json:"title"`
	Text    domain.Text `json:"text"`
	LeftOut domain.Text `json:"left_out"`
	From    round.Phase `json:"from"` // from which phase of a round on there is any; empty: proposing
	Files   []dataFile  `json:"files"`
	Columns []struct {
		Name string      `json:"name"`
		Text domain.Text `json:"text"`
	} `json:"columns"`
}

type dataFile struct {
	Path     string      `json:"path"` // {round} is a round's
	Kind     string      `json:"kind"` // media type
	Type     string      `json:"type"` // in the EU's table of file types
	Standard string      `json:"standard"`
	Stands   bool        `json:"stands"` // it never changes
	From     round.Phase `json:"from"`   // instead of the set's
	Held     bool        `json:"held"`   // of rounds that this service held alone
}

//go:embed catalogue.json
var catalogueText []byte

// dataSets are all kinds; a test holds them against the contract.
var dataSets = func() (sets []dataSet) {
	if err := json.Unmarshal(catalogueText, &sets); err != nil {
		panic(err) // it is embedded
	}
	return sets
}()

// offered is a file as it is there now.
type offered struct {
	dataFile
	round  *round.Round // nil: of all
	stored record.Stored
}

// offers are the files of a set that are there for everybody: those of all
// rounds, then those of each that is no rehearsal.
func (s *Server) offers(ctx context.Context, set dataSet, rounds []round.Round) (files []offered, err error) {
	for _, f := range set.Files {
		if !strings.Contains(f.Path, "{round}") {
			files = append(files, offered{dataFile: f})
		}
	}
	for _, r := range rounds {
		for _, f := range set.Files {
			from := cmp.Or(f.From, set.From, round.Proposing)
			if f.Held && r.Elsewhere() {
				continue
			}
			if r.Rehearsal || !strings.Contains(f.Path, "{round}") || !r.Phase.Reached(from) {
				continue
			}
			f.Path = strings.ReplaceAll(f.Path, "{round}", r.ID)
			o := offered{dataFile: f, round: &r}
			if f.Stands {
				d, err := s.config.Records.Record(ctx, r.ID)
				var refusal *domain.Error
				if errors.As(err, &refusal) && refusal.Kind == domain.NotFound {
					continue
				}
				if err != nil {
					return nil, err
				}
				o.stored = d.Stored
			}
			files = append(files, o)
		}
	}
	return files, nil
}

// GetCatalogue answers with all open data, for people.
func (s *Server) GetCatalogue(
	ctx context.Context,
	_ api.GetCatalogueRequestObject,
) (api.GetCatalogueResponseObject, error) {
	rounds, err := s.openRounds(ctx)
	if err != nil {
		return nil, err
	}
	out := api.GetCatalogue200JSONResponse{Licence: s.config.City.Licence}
	for _, set := range dataSets {
		files, err := s.offers(ctx, set, rounds)
		if err != nil {
			return nil, err
		}
		d := api.DataSet{
			Id: set.ID, Title: toText(set.Title), Text: toText(set.Text), LeftOut: toText(set.LeftOut),
			Columns: []api.DataColumn{},
			Files: list(files, func(o offered) api.DataFile {
				f := api.DataFile{
					Path: o.Path, Kind: o.Kind, Type: o.Type, Size: unlessZero(o.stored.Size),
					Sha256: unlessZero(o.stored.Digest),
				}
				if o.round != nil {
					f.Round, f.RoundName = &o.round.ID, new(toText(o.round.Name))
				}
				return f
			}),
		}
		for _, c := range set.Columns {
			d.Columns = append(d.Columns, api.DataColumn{Name: c.Name, Text: toText(c.Text)})
		}
		out.Sets = append(out.Sets, d)
	}
	return out, nil
}

// openRounds are those that everybody sees, the newest first.
func (s *Server) openRounds(ctx context.Context) ([]round.Round, error) {
	rounds, _, err := s.config.Rounds.List(ctx, domain.Actor{})
	rounds = slices.Clone(rounds)
	slices.SortStableFunc(rounds, func(a, b round.Round) int {
		return b.Times.Voting.Closes.Compare(a.Times.Voting.Closes)
	})
	return rounds, err
}

// Tables of the EU Publications Office, of which DCAT-AP 3 takes its words.
const (
	euTables   = "http://publications.europa.eu/resource/authority/"
	mediaTypes = "https://www.iana.org/assignments/media-types/"
)

// OpenCatalogue gives the same to other catalogues: DCAT-AP 3
// (semiceu.github.io/DCAT-AP/releases/3.0.0). A set of a round is a dataset of
// its own.
func (s *Server) OpenCatalogue(
	ctx context.Context,
	_ api.OpenCatalogueRequestObject,
) (api.OpenCatalogueResponseObject, error) {
	rounds, err := s.openRounds(ctx)
	if err != nil {
		return nil, err
	}
	c := s.config.City
	publisher := map[string]any{
		"@id": s.origin() + "/#publisher", "@type": "foaf:Agent", "foaf:name": inLanguages(c.Name),
	}
	sets := []map[string]any{}
	for _, set := range dataSets {
		files, err := s.offers(ctx, set, rounds)
		if err != nil {
			return nil, err
		}
		byRound := map[string]int{} // where a round's dataset stands
		for _, o := range files {
			id, title := s.origin()+"/data#"+set.ID, set.Title
			if o.round != nil {
				id += "-" + o.round.ID
				title = joined(title, o.round.Name)
			}
			at, there := byRound[id]
			if !there {
				at = len(sets)
				byRound[id] = at
				sets = append(sets, map[string]any{
					"@id": id, "@type": "dcat:Dataset", "dct:title": inLanguages(title),
					"dct:description": inLanguages(joined(set.Text, set.LeftOut)), "dct:publisher": map[string]any{
						"@id": publisher["@id"],
					},
					"dct:accessRights":  map[string]any{"@id": euTables + "access-right/PUBLIC"},
					"dcat:theme":        map[string]any{"@id": euTables + "data-theme/GOVE"},
					"dcat:landingPage":  map[string]any{"@id": s.origin() + "/" + string(c.Language()) + "/data#" + set.ID},
					"dcat:distribution": []map[string]any{},
				})
			}
			distributions, _ := sets[at]["dcat:distribution"].([]map[string]any)
			sets[at]["dcat:distribution"] = append(distributions, s.toDistribution(o))
		}
	}
	return api.OpenCatalogue200ApplicationLdPlusJSONResponse{
		"@context": map[string]string{
			"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/", "foaf": "http://xmlns.com/foaf/0.1/",
			"spdx": "http://spdx.org/rdf/terms#", "xsd": "http://www.w3.org/2001/XMLSchema#",
			"dcatap": "http://data.europa.eu/r5r/",
		},
		"@id": s.origin() + "/data", "@type": "dcat:Catalog", "dct:title": inLanguages(c.Service),
		"dct:description": inLanguages(domain.Text{
			Fi: "Palvelun avoin data: kierrokset, ehdotukset, äänestykset ja hankkeiden toteutuminen.",
			Sv: "Tjänstens öppna data: omgångar, förslag, omröstningar och hur projekten förverkligas.",
			En: "The service’s open data: rounds, proposals, votes and what becomes of the projects.",
		}),
		"dct:publisher": publisher, "dct:license": map[string]any{"@id": s.config.City.Licence},
		"foaf:homepage": map[string]any{"@id": s.origin() + "/"}, "dcat:dataset": sets,
	}, nil
}

func (s *Server) toDistribution(o offered) map[string]any {
	address := map[string]any{"@id": s.origin() + o.Path}
	d := map[string]any{
		"@id": s.origin() + o.Path + "#file", "@type": "dcat:Distribution", "dct:title": o.Type,
		"dcat:accessURL": address, "dcat:downloadURL": address, "dct:license": map[string]any{"@id": s.config.City.Licence},
		"dcat:mediaType":      map[string]any{"@id": mediaTypes + o.Kind},
		"dct:format":          map[string]any{"@id": euTables + "file-type/" + o.Type},
		"dcatap:availability": map[string]any{"@id": euTables + "planned-availability/STABLE"},
	}
	if o.Standard != "" {
		d["dct:conformsTo"] = map[string]any{"@id": o.Standard}
	}
	if o.stored.Digest != "" {
		d["dcat:byteSize"] = map[string]any{"@type": "xsd:nonNegativeInteger", "@value": o.stored.Size}
		d["spdx:checksum"] = map[string]any{
			"@type":              "spdx:Checksum",
			"spdx:algorithm":     map[string]any{"@id": "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"},
			"spdx:checksumValue": map[string]any{"@type": "xsd:hexBinary", "@value": o.stored.Digest},
		}
	}
	return d
}

// joined is one text after the other, in each language.
func joined(a, b domain.Text) domain.Text {
	both := func(l domain.Language) string { return strings.TrimRight(a.In(l), ".") + ". " + b.In(l) }
	return domain.Text{Fi: both(domain.Finnish), Sv: both(domain.Swedish), En: both(domain.English)}
}

// inLanguages is a text as JSON-LD has it.
func inLanguages(t domain.Text) []map[string]string {
	texts := []map[string]string{}
	for _, one := range []struct {
		language domain.Language
		text     string
	}{{domain.Finnish, t.Fi}, {domain.Swedish, t.Sv}, {domain.English, t.En}} {
		if one.text != "" {
			texts = append(texts, map[string]string{"@language": string(one.language), "@value": one.text})
		}
	}
	return texts
}
