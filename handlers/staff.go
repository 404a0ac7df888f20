package handlers

import (
	"context"

	"osbu/domain"
	"osbu/domain/staff"
	"osbu/handlers/api"
)

// ListStaff answers with who works for the city.
func (s *Server) ListStaff(ctx context.Context, _ api.ListStaffRequestObject) (api.ListStaffResponseObject, error) {
	members, err := s.config.Staff.List(ctx, actorFrom(ctx))
	if err != nil {
		return nil, err
	}
	claims := s.config.SignIn.Claims
	return api.ListStaff200JSONResponse{
		Claims: api.StaffClaims{Roles: claims.Roles, Areas: claims.Areas, Divisions: claims.Divisions},
		People: list(members, func(m staff.Member) api.StaffMember {
			return api.StaffMember{
				Account: m.Account, Name: m.Name,
				Roles: list(m.Roles, func(r domain.Role) api.Role { return api.Role(r) }),
				Areas: list(m.Areas, same), Divisions: list(m.Divisions, same), SeenAt: m.SeenAt,
				Places: list(m.Places, func(p staff.Place) api.StaffPlace {
					return api.StaffPlace{Round: p.Round, Event: p.Event, Title: toText(p.Title), Assigned: p.Assigned}
				}),
			}
		}),
	}, nil
}
