namespace FineTuneKit.Lab.SupportDesk;

/// <summary>Names of customers who do not exist: one for each frame group, so that no name is on two sides of a split.</summary>
internal static class PeopleNames
{
    public static readonly string[] EnglishFirstNames =
    [
        "Anna", "Oliver", "Grace", "Peter", "Nora", "Simon", "Clara", "Victor", "Helen", "Martin",
        "Julia", "Edgar", "Maria", "Felix", "Alice", "Hugo", "Rosa", "Conrad", "Ellen", "Marcus",
        "Lydia", "Adrian", "Teresa", "Gordon", "Irene", "Leonard", "Sylvia", "Roland", "Monica", "Arthur",
        "Denise", "Walter", "Paula", "Gilbert", "Vera", "Norman", "Judith", "Howard", "Olga", "Philip",
        "Daphne", "Ruben", "Edith", "Samuel", "Gloria", "Warren", "Naomi", "Dexter", "Bianca", "Elias",
        "Carmen", "Jasper", "Harriet", "Lionel", "Miriam", "Cedric", "Pamela", "Quentin", "Ingrid", "Bernard",
        "Louise", "Rodney", "Esther", "Vincent", "Agatha", "Trevor", "Celeste", "Maurice", "Phoebe", "Reginald",
        "Sabrina", "Duncan", "Yvonne", "Terence", "Greta", "Winston", "Odette", "Ambrose", "Flora", "Clifton",
        "Mabel", "Desmond", "Viola", "Percy", "Leona", "Wallace", "Imogen", "Barnaby", "Thelma", "Cornelius",
        "Ursula", "Humphrey", "Zelda", "Magnus", "Beatrix", "Alistair",
    ];

    public static readonly string[] EnglishSurnames =
    [
        "Kessler", "Hartley", "Bowman", "Whitfield", "Crawford", "Lindqvist", "Draper", "Ellison", "Fairbanks", "Gresham",
        "Holloway", "Ingram", "Jarvis", "Kendrick", "Langford", "Merrick", "Norwood", "Oakley", "Pemberton", "Quimby",
        "Rutherford", "Sheffield", "Thornton", "Underhill", "Vasquez", "Wexford", "Yardley", "Ziegler", "Abernathy", "Blackwood",
        "Carmichael", "Dunmore", "Eastman", "Farnsworth", "Goddard", "Hathaway", "Islington", "Jennings", "Kirkland", "Lockhart",
        "Mansfield", "Northcott", "Osborne", "Prescott", "Radcliffe", "Stanhope", "Templeton", "Upton", "Vickers", "Wadsworth",
        "Yates", "Zimmer", "Atherton", "Bexley", "Colby", "Davenport", "Everhart", "Fielding", "Garrison", "Hollis",
        "Irving", "Jameson", "Kingsley", "Lowell", "Moretti", "Nakhimov", "Ortega", "Pellegrino", "Rosenthal", "Silva",
        "Teasdale", "Ulrich", "Venturi", "Whitaker", "Yoder", "Zapata", "Alderton", "Birchall", "Coleridge", "Delacroix",
        "Emmerich", "Fontaine", "Grimsby", "Haverford", "Iverson", "Jankowski", "Kowalski", "Larkin", "Montague", "Novak",
        "Overbeck", "Petrov", "Rasmussen", "Sandoval", "Thackeray", "Umberto",
    ];

    public static readonly string[] JapaneseSurnames =
    [
        "田中", "鈴木", "高橋", "渡辺", "伊藤", "山本", "中村", "加藤", "吉田", "山田", "佐藤", "松本", "井上", "木村",
        "斎藤", "清水", "山崎", "池田", "阿部", "橋本", "石川", "前田", "藤田", "小川", "岡田", "後藤", "近藤", "石井",
        "村上", "遠藤", "青木", "坂本", "西村", "福田", "太田", "三浦", "藤井", "岡本", "松田", "中川", "中野", "原田",
        "小野", "竹内", "金子", "和田", "中山", "石田", "上田", "森田", "柴田", "酒井", "工藤", "横山", "宮崎", "宮本",
        "内田", "高木", "安藤", "谷口", "大野", "丸山", "今井", "河野", "藤原", "村田", "武田", "上野", "杉山", "増田",
        "平野", "菅原", "小島", "千葉", "久保", "松井", "岩崎", "桜井", "野口", "松尾", "菊地", "木下", "野村", "佐野",
        "大西", "杉本", "新井", "浜田", "菅野", "市川", "水野", "小松", "島田", "古川", "山内", "西田",
    ];
}
