package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"

	"osbu/domain"
	"osbu/domain/proposal"
	"osbu/domain/proposal/project"
	"osbu/domain/round"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// ListProjects answers with the ballot in today's order, which caches may keep.
func (s *Server) ListProjects(
	ctx context.Context,
	req api.ListProjectsRequestObject,
) (api.ListProjectsResponseObject, error) {
	what := "projects of " + given(req.Params.Area) + " in"
	if kept := s.rush(ctx, req.Round, what); kept != nil {
		return kept, nil
	}
	day, err := s.config.Projects.Today(ctx, actorFrom(ctx), req.Round, given(req.Params.Area))
	if err != nil {
		return nil, err
	}
	projects := list(day.Projects, toProject)
	if kept, err := s.keepForRush(ctx, req.Round, what, projects); kept != nil || err != nil {
		return kept, err
	}
	tag, err := entityTag(projects)
	if err != nil {
		return nil, err
	}
	control := cacheControl(day)
	return api.ListProjects200JSONResponse{
		Body:    projects,
		Headers: api.ListProjects200ResponseHeaders{ETag: &tag, CacheControl: &control},
	}, nil
}

// GetBallot answers with the projects by number, and their version.
func (s *Server) GetBallot(ctx context.Context, req api.GetBallotRequestObject) (api.GetBallotResponseObject, error) {
	projects, version, err := s.config.Projects.Ballot(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetBallot200JSONResponse{Projects: list(projects, toProject), Version: version}, nil
}

// ExportBallot answers with the ballot as a file.
func (s *Server) ExportBallot(
	ctx context.Context,
	req api.ExportBallotRequestObject,
) (api.ExportBallotResponseObject, error) {
	file, err := s.config.Projects.ExportBallot(ctx, actorFrom(ctx), req.Round, sheet.Format(req.Params.Format),
		domain.Language(given(req.Params.Language)))
	if err != nil {
		return nil, err
	}
	return api.ExportBallot200ApplicationoctetStreamResponse{
		Body:          bytes.NewReader(file),
		ContentLength: int64(len(file)),
	}, nil
}

// PlaceProjects puts accepted proposals on the ballot.
func (s *Server) PlaceProjects(
	ctx context.Context,
	req api.PlaceProjectsRequestObject,
) (api.PlaceProjectsResponseObject, error) {
	projects, err := s.config.Projects.Place(ctx, actorFrom(ctx), req.Round, req.Body.Proposals, req.Body.Version)
	if err != nil {
		return nil, err
	}
	return api.PlaceProjects200JSONResponse(list(projects, toProject)), nil
}

// ImportProjects puts ready projects on the ballot.
func (s *Server) ImportProjects(
	ctx context.Context,
	req api.ImportProjectsRequestObject,
) (api.ImportProjectsResponseObject, error) {
	projects, err := s.config.Projects.Import(ctx, actorFrom(ctx), req.Round, list(req.Body.Projects, fromImported))
	if err != nil {
		return nil, err
	}
	return api.ImportProjects200JSONResponse(list(projects, toProject)), nil
}

// NumberProjects gives the numbers anew.
func (s *Server) NumberProjects(
	ctx context.Context,
	req api.NumberProjectsRequestObject,
) (api.NumberProjectsResponseObject, error) {
	projects, err := s.config.Projects.Number(ctx, actorFrom(ctx), req.Round, req.Body.Version)
	if err != nil {
		return nil, err
	}
	return api.NumberProjects200JSONResponse(list(projects, toProject)), nil
}

// GetProject answers with one project.
func (s *Server) GetProject(
	ctx context.Context,
	req api.GetProjectRequestObject,
) (api.GetProjectResponseObject, error) {
	p, err := s.config.Projects.Get(ctx, actorFrom(ctx), req.Round, req.Project)
	if err != nil {
		return nil, err
	}
	return api.GetProject200JSONResponse(toProject(p)), nil
}

// RemoveProject takes a project off the ballot.
func (s *Server) RemoveProject(
	ctx context.Context,
	req api.RemoveProjectRequestObject,
) (api.RemoveProjectResponseObject, error) {
	if err := s.config.Projects.Remove(ctx, actorFrom(ctx), req.Round, req.Project, req.Params.Version); err != nil {
		return nil, err
	}
	return api.RemoveProject204Response{}, nil
}

// RemoveProjects takes several projects off the ballot.
func (s *Server) RemoveProjects(
	ctx context.Context,
	req api.RemoveProjectsRequestObject,
) (api.RemoveProjectsResponseObject, error) {
	b := req.Body
	projects, err := s.config.Projects.RemoveAll(ctx, actorFrom(ctx), req.Round, b.Projects, b.Version)
	if err != nil {
		return nil, err
	}
	return api.RemoveProjects200JSONResponse(list(projects, toProject)), nil
}

// entityTag names the bytes of the answer (RFC 9110 §8.8.3).
func entityTag(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", err
	}
	digest := sha256.Sum256(text)
	return `"` + base64.RawURLEncoding.EncodeToString(digest[:18]) + `"`, nil
}

// cacheControl lets caches answer from the freeze on: for a minute, so that a
// withdrawal shows, and not beyond the day's order. Before it they ask each
// time, and a draft round is the officials' own.
func cacheControl(day project.Day) string {
	switch {
	case day.Phase == round.Draft:
		return "no-store"
	case !day.Phase.Reached(round.Frozen):
		return "no-cache"
	}
	return fmt.Sprintf("public, max-age=%d", int(min(day.Left, time.Minute).Seconds()))
}

func toProject(p project.Project) api.Project {
	return api.Project{
		Number: p.Number, Proposal: unlessZero(p.Proposal), Title: toText(p.Title), Description: toText(p.Description),
		Area: p.Area, Place: toPartial(p.Place), Point: toPoint(p.Point), Theme: p.Theme, Cost: toCost(p.Cost),
		ReservedCost: int64(p.Reserved), Withdrawn: p.Withdrawn, Image: toFirstImage(p.Image),
		Conflicts: unlessEmpty(
			list(
				p.Conflicts,
				func(c project.Exclusion) api.Exclusion {
					return api.Exclusion{Projects: c.Numbers, Reason: toText(c.Reason)}
				},
			),
		),
	}
}

func toFirstImage(i *proposal.Image) *api.Image {
	if i == nil {
		return nil
	}
	return new(toImage(*i))
}

func fromImported(p api.ImportedProject) project.Project {
	return project.Project{
		Number: given(
			p.Number,
		), Title: fromText(p.Title), Description: fromText(given(p.Description)), Area: p.Area, Theme: given(p.Theme),
		Cost: fromCost(p.Cost),
	}
}
