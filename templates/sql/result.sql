-- /data/rows.csv is the table rows. The result of this file is /output/result.csv.
select count(*) as rows, sum(amount) as total from rows
