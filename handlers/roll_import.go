package handlers

import (
	"context"
	"io"

	"osbu/domain"
	"osbu/domain/roll"
	"osbu/handlers/api"
)

// GetRollImport tells how far the import of a roll has come.
func (s *Server) GetRollImport(
	ctx context.Context,
	r api.GetRollImportRequestObject,
) (api.GetRollImportResponseObject, error) {
	u, err := s.config.Roll.Upload(ctx, actorFrom(ctx), r.Round)
	if err != nil || u == nil {
		return api.GetRollImport200JSONResponse{}, err
	}
	return api.GetRollImport200JSONResponse{Import: new(toRollImport(*u))}, nil
}

func toRollImport(u roll.Upload) api.RollImport {
	i := api.RollImport{
		Id: u.ID, State: api.RollImportState(u.State), Name: u.Name, Own: u.Own, At: u.At,
		Size: int(u.Size), Received: int(u.Received), Read: int(u.Read),
		TotalFaults: u.Result.Total,
		Faults:      list(u.Result.Faults, toRollFault),
	}
	switch u.Result.Refusal {
	case "":
	case domain.CodePhase, roll.CodeManyRemoved:
		i.Refusal = new(api.RollRefusal(u.Result.Refusal))
	default:
		i.Refusal = new(api.RollRefusalOther)
	}
	if u.State == roll.Checked || u.State == roll.Taking || u.State == roll.Taken || u.State == roll.Refused {
		c := u.Result.Change
		i.Change = &api.RollChange{
			Before: c.Before, After: c.After(), Added: c.Added, Removed: c.Removed, Changed: c.Changed, Recoded: c.Recoded,
			MayRemove: u.Result.MayRemove(),
		}
		if c.Encoding != "" {
			i.Change.Encoding = new(string(c.Encoding))
		}
	}
	return i
}

func toRollFault(f roll.Fault) api.RollFault {
	fault := api.RollFault{Line: f.Line, Code: api.RollFaultCode(f.Code)}
	if f.Column != "" {
		fault.Column = &f.Column
	}
	if f.Other > 0 {
		fault.Other = &f.Other
	}
	return fault
}

// BeginRollImport makes room for a file.
func (s *Server) BeginRollImport(
	ctx context.Context,
	r api.BeginRollImportRequestObject,
) (api.BeginRollImportResponseObject, error) {
	id, err := s.config.Roll.BeginUpload(ctx, actorFrom(ctx), r.Round, int64(r.Body.Size))
	if err != nil {
		return nil, err
	}
	return api.BeginRollImport201JSONResponse{Id: id}, nil
}

// SendRollPart keeps a part of the file.
func (s *Server) SendRollPart(
	ctx context.Context,
	r api.SendRollPartRequestObject,
) (api.SendRollPartResponseObject, error) {
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	if err := s.config.Roll.AddPart(ctx, actorFrom(ctx), r.Round, r.Upload, r.Part, data); err != nil {
		return nil, err
	}
	return api.SendRollPart204Response{}, nil
}

// CheckRollImport has the file checked.
func (s *Server) CheckRollImport(
	ctx context.Context,
	r api.CheckRollImportRequestObject,
) (api.CheckRollImportResponseObject, error) {
	if err := s.config.Roll.CheckUpload(ctx, actorFrom(ctx), r.Round, r.Upload); err != nil {
		return nil, err
	}
	return api.CheckRollImport204Response{}, nil
}

// TakeRollImport has the file made the roll.
func (s *Server) TakeRollImport(
	ctx context.Context,
	r api.TakeRollImportRequestObject,
) (api.TakeRollImportResponseObject, error) {
	if err := s.config.Roll.TakeUpload(ctx, actorFrom(ctx), r.Round, r.Upload, given(r.Body.RemoveUpTo)); err != nil {
		return nil, err
	}
	return api.TakeRollImport204Response{}, nil
}

// DropRollImport stops the import and forgets the file.
func (s *Server) DropRollImport(
	ctx context.Context,
	r api.DropRollImportRequestObject,
) (api.DropRollImportResponseObject, error) {
	if err := s.config.Roll.DropUpload(ctx, actorFrom(ctx), r.Round, r.Upload); err != nil {
		return nil, err
	}
	return api.DropRollImport204Response{}, nil
}
