package handlers

import (
	"bytes"
	"cmp"
	"context"
	"strconv"
	"strings"

	"osbu/domain/disclosure"
	"osbu/domain/equality"
	"osbu/domain/sheet"
	"osbu/handlers/api"
)

// GetEquality answers with the tables.
func (s *Server) GetEquality(
	ctx context.Context,
	req api.GetEqualityRequestObject,
) (api.GetEqualityResponseObject, error) {
	_, tables, err := s.config.Equality.Tables(ctx, actorFrom(ctx), req.Round)
	if err != nil {
		return nil, err
	}
	return api.GetEquality200JSONResponse{Tables: list(tables, toEqualityTable)}, nil
}

// GetEqualityCSV is the same for a spreadsheet, a line for each number; what is
// not told is an empty cell.
func (s *Server) GetEqualityCSV(
	ctx context.Context,
	req api.GetEqualityCSVRequestObject,
) (api.GetEqualityCSVResponseObject, error) {
	text, err := s.equalitySheet(ctx, req.Round, sheet.CSV)
	if err != nil {
		return nil, err
	}
	return api.GetEqualityCSV200TextcsvResponse{Body: text, ContentLength: int64(text.Len())}, nil
}

// GetEqualityXLSX is the same as a workbook.
func (s *Server) GetEqualityXLSX(
	ctx context.Context,
	req api.GetEqualityXLSXRequestObject,
) (api.GetEqualityXLSXResponseObject, error) {
	file, err := s.equalitySheet(ctx, req.Round, sheet.XLSX)
	if err != nil {
		return nil, err
	}
	return api.GetEqualityXLSX200ApplicationvndOpenxmlformatsOfficedocumentSpreadsheetmlSheetResponse{
		Body: file, ContentLength: int64(file.Len()),
	}, nil
}

// equalitySheet has a row for each number.
func (s *Server) equalitySheet(ctx context.Context, id string, format sheet.Format) (*bytes.Buffer, error) {
	r, tables, err := s.config.Equality.Tables(ctx, actorFrom(ctx), id)
	if err != nil {
		return nil, err
	}
	t := sheet.Table{
		Name: "equality", Head: []string{"measure", "by", "row", "population", "column", "number"}, Counts: []int{3, 5},
	}
	for _, table := range tables {
		for i, row := range append(table.Rows, table.Total) {
			key, population := cmp.Or(row.Key, "city"), ""
			if i == len(table.Rows) {
				key = "total"
			}
			if a, ok := r.Settings.Area(row.Key); ok && table.By == equality.ByArea {
				key = a.Name.Fi
				if a.Population > 0 {
					population = strconv.Itoa(a.Population)
				}
			}
			put := func(column string, c disclosure.Cell) {
				number := strconv.Itoa(c.N)
				if c.Hidden {
					number = ""
				}
				t.Rows = append(
					t.Rows,
					sheet.Row{
						Cells: []string{string(table.Measure), string(table.By), key, population, column, number},
					},
				)
			}
			for i, c := range row.Cells {
				put(strings.Join(table.Columns[i], " + "), c)
			}
			put("total", row.Total)
			if row.Minutes != nil {
				put("minutes", *row.Minutes)
			}
		}
	}
	var text bytes.Buffer
	return &text, sheet.Write(&text, format, t)
}

func toEqualityTable(t equality.Table) api.EqualityTable {
	return api.EqualityTable{
		Measure: api.EqualityMeasure(
			t.Measure,
		), By: api.EqualityFeature(t.By), Few: t.Few, Columns: list(t.Columns, func(c []string) []string { return c }),
		Rows: list(t.Rows, toEqualityRow), Total: toEqualityRow(t.Total),
	}
}

func toEqualityRow(row disclosure.Row) api.EqualityRow {
	out := api.EqualityRow{Key: row.Key, Cells: list(row.Cells, toEqualityCell), Total: toEqualityCell(row.Total)}
	if row.Minutes != nil {
		out.Minutes = new(toEqualityCell(*row.Minutes))
	}
	return out
}

// toEqualityCell leaves a hidden number out.
func toEqualityCell(c disclosure.Cell) api.EqualityCell {
	if c.Hidden {
		return api.EqualityCell{}
	}
	return api.EqualityCell{Number: &c.N}
}
