package handlers

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"osbu/domain/record"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// GetNumbers shows everybody what was issued and what is in the box.
func (s *Server) GetNumbers(ctx context.Context, r api.GetNumbersRequestObject) (api.GetNumbersResponseObject, error) {
	if kept := s.rush(ctx, r.Round, "numbers"); kept != nil {
		return kept, nil
	}
	n, err := s.config.Records.Numbers(ctx, r.Round)
	if err != nil {
		return nil, err
	}
	release := api.NextRelease{Least: s.config.Records.Pool.Least}
	if !n.Next.IsZero() {
		release.At = &n.Next
	}
	answer := api.Numbers{
		At: n.At, MostReplacements: n.Most, Release: release, Papers: list(n.Papers, toPaperNumbers),
		Days: list(n.Days, func(d record.Day) api.DayNumbers {
			return api.DayNumbers{
				Day:    openapi_types.Date{Time: d.Day},
				At:     d.At,
				Papers: list(d.Papers, toPaperNumbers),
			}
		}),
	}
	if kept, err := s.keepForRush(ctx, r.Round, "numbers", answer); kept != nil || err != nil {
		return kept, err
	}
	return api.GetNumbers200JSONResponse(answer), nil
}

// GetNumbersCSV is the same for a spreadsheet.
func (s *Server) GetNumbersCSV(
	ctx context.Context,
	r api.GetNumbersCSVRequestObject,
) (api.GetNumbersCSVResponseObject, error) {
	text, err := s.numbersSheet(ctx, r.Round, sheet.CSV)
	if err != nil {
		return nil, err
	}
	return api.GetNumbersCSV200TextcsvResponse{Body: text, ContentLength: int64(text.Len())}, nil
}

// GetNumbersXLSX is the same as a workbook.
func (s *Server) GetNumbersXLSX(
	ctx context.Context,
	r api.GetNumbersXLSXRequestObject,
) (api.GetNumbersXLSXResponseObject, error) {
	file, err := s.numbersSheet(ctx, r.Round, sheet.XLSX)
	if err != nil {
		return nil, err
	}
	return api.GetNumbersXLSX200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{
		Body: file, ContentLength: int64(file.Len()),
	}, nil
}

// numbersSheet has a row for each day and paper.
func (s *Server) numbersSheet(ctx context.Context, id string, format sheet.Format) (*bytes.Buffer, error) {
	n, err := s.config.Records.Numbers(ctx, id)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{Name: "numbers", Head: strings.Fields(
		"day counted_at paper rights spent_online spent_assisted spent_on_paper replacements credentials ballots missing",
	), Counts: []int{3, 4, 5, 6, 7, 8, 9, 10}}
	for _, d := range slices.Concat(n.Days, []record.Day{{At: n.At, Papers: n.Papers}}) {
		day := "now"
		if !d.Day.IsZero() {
			day = d.Day.Format(time.DateOnly)
		}
		for _, p := range d.Papers {
			row := []string{day, d.At.UTC().Format(time.RFC3339), p.Paper}
			for _, number := range []int{
				p.Rights, p.Online, p.Assisted, p.OnPaper, p.Replacements, p.Credentials(), p.Ballots,
				p.Missing(),
			} {
				row = append(row, strconv.Itoa(number))
			}
			t.Rows = append(t.Rows, sheet.Row{Cells: row})
		}
	}
	var text bytes.Buffer
	return &text, sheet.Write(&text, format, t)
}

func toPaperNumbers(p record.PaperNumbers) api.PaperNumbers {
	return api.PaperNumbers{
		Paper: p.Paper, Rights: p.Rights, Online: p.Online, Assisted: p.Assisted, OnPaper: p.OnPaper,
		Replacements: p.Replacements,
		Credentials:  p.Credentials(), Ballots: p.Ballots, Missing: p.Missing(), Alarm: p.Missing() < 0,
	}
}
