package handlers

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"osbu/handlers/api"
)

// Map is what lies below the points on the pages' maps.
type Map struct {
	Tiles  Tiles
	Credit string
}

// Tiles is the address of a map's tiles, with {z}, {x} and {y}; empty: there are none.
type Tiles string

// UnmarshalText takes an address whose host is fixed, since the pages' policy names it.
func (t *Tiles) UnmarshalText(text []byte) error {
	address := string(text)
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "https" && u.Scheme != "http") || u.Host == "" || strings.ContainsAny(u.Host, "{}*;, '\"") || u.User != nil ||
		!strings.Contains(address, "{z}") || !strings.Contains(address, "{x}") || !strings.Contains(address, "{y}") {
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

// GetMap answers with the map's tiles.
func (s *Server) GetMap(context.Context, api.GetMapRequestObject) (api.GetMapResponseObject, error) {
	return api.GetMap200JSONResponse{Tiles: unlessZero(string(s.config.Map.Tiles)), Credit: unlessZero(s.config.Map.Credit)}, nil
}
