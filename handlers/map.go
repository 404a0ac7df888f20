package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"osbu/domain/round"
	"osbu/handlers/api"
)

// Map is what lies below the points on the pages' maps.
type Map struct {
	Tiles  Tiles
	Credit string
	Areas  MapAreas
}

// Tiles is the address of a map's tiles, with {z}, {x} and {y}; empty: there
// are none.
type Tiles string

// UnmarshalText takes an address whose host is fixed, since the pages' policy
// names it.
func (t *Tiles) UnmarshalText(text []byte) error {
	address := string(text)
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" ||
		strings.ContainsAny(u.Host, "{}*;, '\"") || u.User != nil ||
		!strings.Contains(address, "{z}") ||
		!strings.Contains(address, "{x}") ||
		!strings.Contains(address, "{y}") {
		return errors.New("want an address such as https://tiles.example.org/{z}/{x}/{y}.png")
	}
	*t = Tiles(address)
	return nil
}

// origin is where the tiles come from, for the content security policy.
func (t Tiles) origin() string {
	u, err := url.Parse(string(t))
	if t == "" || err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// mostAreaBytes is more than the outlines of a city's districts have that are
// good for a look and a tap.
const mostAreaBytes = 1 << 20

// MapAreas are where areas lie.
type MapAreas []api.MapArea

// UnmarshalText takes the name of a GeoJSON file (RFC 7946): a
// FeatureCollection of Polygons and MultiPolygons in WGS 84, each with the id
// of an area as its property "area".
func (m *MapAreas) UnmarshalText(name []byte) error {
	data, err := os.ReadFile(string(name))
	if err != nil {
		return err
	}
	if len(data) > mostAreaBytes {
		return fmt.Errorf("%s has %d bytes, at most %d: simplify the outlines", name, len(data), mostAreaBytes)
	}
	if *m, err = readAreas(data); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func readAreas(data []byte) (MapAreas, error) {
	var collection struct {
		Type     string `json:"type"`
		Features []struct {
			Properties struct {
				Area string `json:"area"`
			} `json:"properties"`
			Geometry struct {
				Type        string          `json:"type"`
				Coordinates json.RawMessage `json:"coordinates"`
			} `json:"geometry"`
		} `json:"features"`
	}
	if err := json.Unmarshal(data, &collection); err != nil {
		return nil, fmt.Errorf("not GeoJSON: %w", err)
	}
	if collection.Type != "FeatureCollection" || len(collection.Features) == 0 {
		return nil, errors.New("want a GeoJSON FeatureCollection with features")
	}
	var areas MapAreas
	for i, f := range collection.Features {
		a := api.MapArea{Area: f.Properties.Area}
		var err error
		switch f.Geometry.Type {
		case "Polygon":
			a.Polygons = make([][][][]float64, 1)
			err = json.Unmarshal(f.Geometry.Coordinates, &a.Polygons[0])
		case "MultiPolygon":
			err = json.Unmarshal(f.Geometry.Coordinates, &a.Polygons)
		default:
			err = fmt.Errorf("%q is no Polygon and no MultiPolygon", f.Geometry.Type)
		}
		if err == nil && !round.IsAddress(a.Area) {
			err = fmt.Errorf("the property \"area\" is %q: want an area's id, a-z 0-9 -", a.Area)
		}
		if err == nil {
			err = checkRings(a.Polygons)
		}
		if err != nil {
			return nil, fmt.Errorf("feature %d: %w", i+1, err)
		}
		areas = append(areas, a)
	}
	return areas, nil
}

func checkRings(polygons [][][][]float64) error {
	for _, rings := range polygons {
		for _, ring := range rings {
			if len(ring) < 4 {
				return fmt.Errorf("a ring has %d positions, at least four are needed", len(ring))
			}
			for _, p := range ring {
				if len(p) < 2 || p[0] < -180 || p[0] > 180 || p[1] < -90 || p[1] > 90 {
					return fmt.Errorf("%v is no longitude and latitude in degrees", p)
				}
			}
		}
	}
	return nil
}

// GetMap answers with what lies below the points.
func (s *Server) GetMap(context.Context, api.GetMapRequestObject) (api.GetMapResponseObject, error) {
	return api.GetMap200JSONResponse{
		Tiles:  unlessZero(string(s.config.Map.Tiles)),
		Credit: unlessZero(s.config.Map.Credit),
		Areas:  append([]api.MapArea{}, s.config.Map.Areas...),
	}, nil
}
