package handlers

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"osbu/domain/person"
	"osbu/handlers/api"
)

// ExportPerson answers with everything that is kept of me.
func (s *Server) ExportPerson(
	ctx context.Context,
	_ api.ExportPersonRequestObject,
) (api.ExportPersonResponseObject, error) {
	kept, err := s.config.Persons.Export(ctx, visitFrom(ctx).session)
	if err != nil {
		return nil, err
	}
	return api.ExportPerson200JSONResponse{At: kept.At, Holdings: list(kept.Holdings, toHolding)}, nil
}

// ErasePerson erases what is kept of me and does not stay, and signs me out.
func (s *Server) ErasePerson(
	ctx context.Context,
	_ api.ErasePersonRequestObject,
) (api.ErasePersonResponseObject, error) {
	v := visitFrom(ctx)
	if err := s.config.Persons.Erase(ctx, v.session); err != nil {
		return nil, err
	}
	if err := s.config.Accounts.SignOut(ctx, v.token); err != nil {
		return nil, err
	}
	return erased{cookie: s.forget(sessionCookie, sessionPath)}, nil
}

func toHolding(h person.Holding) api.PersonHolding {
	return api.PersonHolding{
		Table:   h.Table,
		Erasure: api.PersonHoldingErasure(h.Erasure),
		Basis:   unlessZero(api.PersonHoldingBasis(h.Basis)),
		Rows:    h.Rows,
	}
}

type erased struct {
	api.ErasePerson204Response
	cookie *fiber.Cookie
}

// VisitErasePersonResponse implements the generated interface.
func (r erased) VisitErasePersonResponse(c *fiber.Ctx) error {
	c.Cookie(r.cookie)
	return r.ErasePerson204Response.VisitErasePersonResponse(c)
}
