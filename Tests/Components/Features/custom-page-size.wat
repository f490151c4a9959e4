;; expect: engine.component.refused
;; feature: custom-page-sizes
;; words: the custom page sizes proposal must be enabled
;;
;; Bytes would be bounded by instructions instead of pages.
(component (core module (memory 1 (pagesize 1))))
